// The stage's clock, and when what it tells is shown, under Node's own test runner.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Face } from "../../../workshop/stage/js/face.js";
import { Turns } from "../../../workshop/stage/js/turns.js";

const scene = { name: "sqs" };
const state = (shown, t, more = {}) => ({ scene, shown, t_s: t, rate: 0, until_s: null,
  facts: { runs: [{ end_s: t }] }, ...more });

/** A page whose time passes when a test says so. */
function aPage(isQuiet = false) {
  const page = { ms: 0, told: [], waiting: [], isQuiet, face: new Face(isQuiet), now: () => page.ms,
    later: (work, ms) => page.waiting.push([page.ms + ms, work]), show: ({ shown, ...more }) => page.told.push(more.phase ?? shown) };
  const pass = (ms) => {
    page.ms += ms;
    const due = page.waiting.filter(([at]) => at <= page.ms);
    page.waiting = page.waiting.filter(([at]) => at > page.ms);
    for (const [, work] of due) work();
  };
  return { page, turns: new Turns(page), pass };
}

test("a clock that runs waits where no more is known, and never turns back", () => {
  const face = new Face();
  face.know({ t_s: 60, rate: 60, until_s: 90 }, 0, true);
  const seen = [0, 250, 500, 1000, 3000].map((ms) => face.at(ms));
  assert.deepEqual(seen.slice(2), [90, 90, 90]);
  assert.deepEqual([...seen].sort((a, b) => a - b), seen);
  // What was heard of an earlier time holds it, and back is back at once.
  face.know({ t_s: 80, rate: 0, until_s: null }, 3000);
  assert.equal(face.at(3100), 90);
  face.know({ t_s: 80, rate: 0, until_s: null }, 3200, true);
  assert.equal(face.at(3200), 80);
});

test("the clock is at a moment before what happened then is told", () => {
  const { page, turns, pass } = aPage();
  turns.hear(state(1, 0));
  turns.hear(state(2, 30));
  assert.deepEqual(page.told, [1]);
  pass(200);
  assert.ok(page.face.at(page.ms) > 0 && page.face.at(page.ms) < 30);
  assert.deepEqual(page.told, [1]);
  pass(200);
  assert.equal(page.face.at(page.ms), 30);
  assert.deepEqual(page.told, [1]);
  pass(200);
  assert.deepEqual(page.told, [1, 2]);
  // What happens at once is told at once.
  turns.hear(state(3, 30.1));
  assert.deepEqual(page.told, [1, 2, 3]);
});

test("it is so where time runs, too: the clock is never behind what is told", () => {
  const { page, turns, pass } = aPage();
  turns.hear(state(1, 0, { rate: 10, until_s: 30 }));
  pass(1000);
  turns.hear(state(2, 31, { rate: 10, until_s: 60, facts: { runs: [{ end_s: 30 }] } }));
  assert.deepEqual(page.told, [1]);
  pass(600);
  assert.deepEqual(page.told, [1, 2]);
  assert.ok(page.face.at(page.ms) >= 30);
});

test("a key that is pressed meanwhile is not lost and nothing is shown out of order", () => {
  const { page, turns, pass } = aPage();
  turns.hear(state(1, 0));
  turns.hear(state(2, 30));
  pass(100);
  // The next moment comes: the one before it is told first, and the clock is there.
  page.show = ({ shown }) => { page.told.push(shown); assert.equal(page.face.at(page.ms), 30); };
  turns.hear(state(3, 60));
  assert.deepEqual(page.told, [1, 2]);
  page.show = ({ shown, phase }) => page.told.push(phase ?? shown);
  // What else is known of that moment comes with it.
  turns.hear(state(3, 60, { phase: "over" }));
  pass(600);
  assert.deepEqual(page.told, [1, 2, "over"]);
  pass(1000);
  assert.deepEqual(page.told, [1, 2, "over"]);
});

test("back, an empty stage and another scene come at once", () => {
  const { page, turns, pass } = aPage();
  turns.hear(state(2, 30));
  turns.hear(state(3, 60));
  turns.hear(state(2, 30));
  assert.deepEqual(page.told, [2, 2]);
  turns.hear(state(1, 0));
  assert.equal(page.face.at(page.ms), 0);
  turns.hear(state(2, 30));
  turns.hear(state(0, 0, { facts: null }));
  pass(1000);
  assert.deepEqual(page.told, [2, 2, 1, 0]);
  turns.hear(state(4, 60, { scene: { name: "fifo" } }));
  assert.deepEqual(page.told, [2, 2, 1, 0, 4]);
  assert.equal(page.face.at(page.ms), 60);
});

test("who wants no motion has all at once", () => {
  const { page, turns } = aPage(true);
  turns.hear(state(1, 0));
  turns.hear(state(2, 30));
  assert.deepEqual(page.told, [1, 2]);
  assert.equal(page.face.at(page.ms), 30);
});
