// How the stage draws time, under Node's own test runner; `PLAYER_FACTS` names the facts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { placeOf } from "../../../workshop/player/js/clock.js";
import { read } from "../../../workshop/player/js/steps.js";
import { scaleOf } from "../../../workshop/stage/js/scale.js";

const { three } = JSON.parse(readFileSync(process.env.PLAYER_FACTS, "utf8"));
const WIDTH = 800;

function marksOf(story, clock) {
  return story.messages.map((message) => message.all
    .filter(({ kind }) => !["ended", "visible", "passed"].includes(kind)).map(({ moment }) => clock.x[moment]));
}

function lengths(story, clock) {
  return story.messages.flatMap((message) => message.waits)
    .map((wait) => placeOf(clock, wait.end_s) - placeOf(clock, wait.start_s));
}

test("equal waits are equally long, nothing is cut, and the end is the edge", () => {
  const story = read(three);
  const clock = scaleOf(story, WIDTH);
  const all = lengths(story, clock);
  assert.ok(Math.max(...all) - Math.min(...all) < 0.01 * WIDTH, `${all}`);
  assert.deepEqual(clock.breaks, []);
  assert.ok(Math.abs(clock.x.at(-1) - WIDTH) < 0.1);
});

test("two marks of a message are never on each other", () => {
  const story = read(three);
  for (const xs of marksOf(story, scaleOf(story, WIDTH))) {
    xs.slice(1).forEach((x, i) => assert.ok(x - xs[i] >= 24.9, `${xs}`));
  }
});

test("a wait that still lasts is as long as it will be", () => {
  const facts = structuredClone(three);
  const [run] = facts.runs;
  run.messages = run.messages.filter(({ name }) => name === "bad");
  const [bad] = run.messages;
  // Given the moment after the second failure, with 30 s to go
  bad.steps = bad.steps.filter(([t]) => t < 31);
  bad.waits = bad.waits.slice(0, 2);
  const story = read(facts);
  const clock = scaleOf(story, WIDTH);
  const [first, second] = lengths(story, clock);
  assert.ok(Math.abs(first - second) < 0.01 * WIDTH, `${first} and ${second}`);
});

test("what lasts so long that no wait could be read is cut, and says so", () => {
  const facts = structuredClone(three);
  const bad = facts.runs[0].messages.find(({ name }) => name === "bad");
  // Given a redrive an hour later
  bad.steps.push([3700, "redriven", "queue", "waiting", 0]);
  const story = read(facts);
  const clock = scaleOf(story, WIDTH);
  assert.deepEqual(clock.breaks.map(({ length }) => Math.round(length)), [3610]);
  assert.ok(Math.min(...lengths(story, clock)) >= 58);
  const all = lengths(story, clock);
  assert.ok(Math.max(...all) - Math.min(...all) < 0.01 * WIDTH, `${all}`);
});

test("where there is no room at all everything is there all the same, in its order", () => {
  const clock = scaleOf(read(three), 60);
  assert.ok(clock.x.every((x, i) => x >= 0 && x <= 60.1 && (i === 0 || x >= clock.x[i - 1])));
});
