// The pure part of the player, under Node's own test runner; `PLAYER_FACTS` names the facts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { arrivedAt, askedAt, clockOf, lastUpTo, placeOf, samePlace, timeAt } from "../../../workshop/player/js/clock.js";
import { at, judged, nextQuestion, seenAfter, stillRuns, waiting, waitsAfter } from "../../../workshop/player/js/seen.js";
import { Sight, toSee } from "../../../workshop/player/js/sight.js";
import { events, lastAbout, ofSeveral, read, sentence, shortPlace, together, spoken } from "../../../workshop/player/js/steps.js";

const { three, crowd } = JSON.parse(readFileSync(process.env.PLAYER_FACTS, "utf8"));
const names = (seen) => Object.fromEntries(seen.messages.map((one) => [one.message.name, one.place]));

test("events are told in order, who first, and together where they are the same", () => {
  const told = events(three).map(({ t, sentence }) => [t, sentence]);
  assert.deepEqual(told.slice(0, 3), [
    [0, "bad, flaky and good: sent."],
    [0.1, "bad, flaky and good: attempt 1 begins."],
    [0.103, "bad and flaky: attempt 1 ended with error (ValueError). good: attempt 1 succeeded, it is processed."],
  ]);
  assert.deepEqual(told.at(-1),
    [90.1, "bad: arrives in the source queue's DLQ (maxReceiveCount = 3 reached)."]);
});

test("of several things are said as of several", () => {
  for (const [one, several] of [
    ["attempt 1 succeeded, it is processed", "attempt 1 succeeded, they are processed"],
    ["arrives in the source queue's DLQ (x)", "arrive in the source queue's DLQ (x)"],
    ["a record of its success arrives in the queue", "records of their success arrive in the queue"],
    ["its visibility timeout is over, it can be received again", "their visibility timeouts are over, they can be received again"],
    ["hidden by its visibility timeout", "hidden by their visibility timeout"],
    ["its visibility timeout is over, it can be received again", "their visibility timeouts are over, they can be received again"],
    ["no attempt is left and nothing keeps it, so it is lost", "no attempt is left and nothing keeps them, so they are lost"],
    ["behind b-1 of its group, which its visibility timeout hides",
      "behind b-1 of their group, which its visibility timeout hides"],
    ["attempt 4 begins, though it has arrived in the DLQ: it was delivered once more",
      "attempt 4 begins, though they have arrived in the DLQ: they were delivered once more"],
    ["attempt 4 succeeded, and it still lies in the DLQ", "attempt 4 succeeded, and they still lie in the DLQ"],
    ["sent", "sent"],
  ]) assert.equal(ofSeveral(one), several);
});

test("a follower sees the events of one message alone", () => {
  const story = read(three);
  const { index } = story.messages.find((one) => one.name === "good");
  assert.deepEqual(events(three, index).map((one) => one.sentence),
    ["good: sent.", "good: attempt 1 begins.", "good: attempt 1 succeeded, it is processed."]);
});

test("at any moment a follower is told the last that happened to one message", () => {
  const story = read(three);
  const { index } = story.messages.find((one) => one.name === "good");
  const last = lastAbout(story, story.moments.length - 1, index);
  assert.equal(story.moments[last].t, 0.103);
  assert.equal(lastAbout(story, last - 1, index), last - 1);
  assert.equal(lastAbout(story, -1, index), -1);
  assert.equal(lastAbout(story, 5, null), 5);
});

test("at a time every message is somewhere", () => {
  assert.deepEqual(names(at(three, -1)), { bad: "you", flaky: "you", good: "you" });
  assert.deepEqual(names(at(three, 0.1)), { bad: "function", flaky: "function", good: "function" });
  assert.deepEqual(names(at(three, 45)), { bad: "queue", flaky: "queue", good: "done" });
  assert.deepEqual(names(at(three, 100)), { bad: "source queue's DLQ", flaky: "done", good: "done" });
});

test("who waits is told for what, and how long still", () => {
  const [first] = waiting(read(three), 3.1);
  assert.equal(first.message.name, "bad");
  assert.equal(first.wait.told, "hidden by its visibility timeout");
  assert.equal(spoken(first.left_s), "27 s");
  assert.deepEqual(at(three, 0.1).waits, []);
});

test("the counters of the picture are those of the facts at every time", () => {
  const [run] = three.runs;
  for (const [place, rows] of Object.entries(run.counts)) {
    for (const [t, visible, hidden] of rows) {
      assert.deepEqual(at(three, t).counters[0][place], [visible, hidden], `${place} at ${t}`);
    }
  }
});

test("at an attempt its START is shown, and all its log lines once it has ended", () => {
  const begun = at(three, 30.1);
  assert.equal(begun.shown.kind, "attempt");
  assert.deepEqual(begun.lines.map(([, text]) => text.split(" ")[0]), ["START"]);
  const ended = at(three, 30.103);
  assert.equal(ended.shown.kind, "ended");
  assert.match(ended.lines.at(-1)[1], /^REPORT RequestId: /);
});

test("how an attempt ends is known once it has ended", () => {
  const story = read(three);
  const bad = story.messages.find((one) => one.name === "bad");
  assert.equal(stillRuns(bad, 1, at(three, 30.1).moment), true);
  assert.equal(stillRuns(bad, 1, at(three, 30.103).moment), false);
});

test("a shortened clock goes through the same times, and says what it shortened", () => {
  const clock = clockOf(read(three));
  for (const t of [0, 0.1, 12, 45, 90.1]) assert.ok(Math.abs(timeAt(clock, placeOf(clock, t)) - t) < 1e-6);
  assert.deepEqual(clock.breaks.map((one) => Math.round(one.length)), [30, 30, 30]);
  assert.ok(clock.end < 25);
});

test("in real proportions a second is a second", () => {
  const clock = clockOf(read(three), true);
  assert.equal(placeOf(clock, 45), 45);
  assert.equal(timeAt(clock, 45), 45);
  assert.deepEqual(clock.breaks, []);
});

test("in real proportions what happened at one time is still one moment after the other", () => {
  const { x } = clockOf({ moments: [0, 60, 60, 60, 90].map((t) => ({ t })) }, true);
  assert.ok(x.slice(1).every((place, i) => place > x[i]));
  assert.ok(Math.abs(x.at(-1) - 90) < 0.01);
});

test("another clock of the same run shows the same moment, as far on its way", () => {
  // Given things that happened at one time, and such as lie far apart
  const story = { moments: [0, 0.1, 30, 30, 30, 90].map((t) => ({ t })) };
  const [short, real] = [clockOf(story), clockOf(story, true)];
  for (const [from, to] of [[short, real], [real, short]]) {
    from.x.forEach((place, i) => {
      const close = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other} (moment ${i})`);
      assert.equal(samePlace(from, to, arrivedAt(from, i)), arrivedAt(to, i));
      assert.equal(samePlace(from, to, askedAt(from, i)), askedAt(to, i));
      const next = from.x[i + 1] ?? from.end;
      const halfway = (arrivedAt(from, i) + next) / 2;
      assert.equal(lastUpTo(to.x, samePlace(from, to, halfway)), i);
      // And back again it is where it was
      for (const x of [halfway, (askedAt(from, i) + arrivedAt(from, i)) / 2]) {
        close(samePlace(to, from, samePlace(from, to, x)), x);
      }
    });
    assert.equal(samePlace(from, to, 0), 0);
    assert.equal(samePlace(from, to, from.end), to.end);
  }
});

test("so much is brought into sight as there is room for beside sentence and controls", () => {
  const heights = { picture: 300, runs: 500, above: 100, below: 60 };
  assert.deepEqual(toSee(700, heights), { what: "runs", beside: true, block: "nearest" });
  assert.deepEqual(toSee(600, heights), { what: "picture", beside: true, block: "nearest" });
  assert.deepEqual(toSee(400, heights), { what: "picture", beside: true, block: "start" });
  assert.deepEqual(toSee(180, heights), { what: "picture", beside: false, block: "start" });
});

test("a short name of a place keeps what tells it from others", () => {
  assert.deepEqual(["on-failure destination", "on-success destination", "source queue's DLQ", "lost"].map(shortPlace),
    ["on-failure", "on-success", "DLQ", "lost"]);
});

test("after each moment of a crowd everybody is counted once", () => {
  const story = read(crowd);
  const { end } = clockOf(story);
  assert.ok(end <= 80, `nobody watches for ${end} s`);
  for (const moment of [0, 1, story.moments.length >> 1, story.moments.length - 1]) {
    const seen = seenAfter(story, moment);
    const sent = seen.messages.filter((one) => one.state !== "unsent").length;
    const { queue, done } = seen.counters[0];
    assert.equal(queue[0] + queue[1] + done[0], sent);
  }
});

test("a question comes when its moment has come, once", () => {
  const story = read(three);
  const clock = clockOf(story);
  const { question, x } = nextQuestion(story, clock, 0, {});
  assert.equal(question.id, "next-bad");
  const i = clock.times.indexOf(0.103);
  assert.ok(clock.x[i] < x && x < clock.x[i + 1]);
  assert.equal(nextQuestion(story, clock, 0, { "next-bad": 1 }).question.id, "when-bad");
  assert.equal(nextQuestion(story, clock, 0, { "next-bad": 1, "when-bad": null }), null);
});

test("an answer is judged, and something is said to it", () => {
  const [following, when] = three.questions;
  assert.equal(judged(following, 2).isRight, true);
  assert.equal(judged(following, 0).isRight, false);
  assert.ok(judged(following, 0).told);
  assert.equal(judged(when, 31).isRight, true);
  // Who counts from the failure of an attempt that hung says 35.
  assert.equal(judged(when, 35).isRight, false);
  assert.equal(judged(when, 60).isRight, false);
});

test("a redrive is told from where it was, and as what it is", () => {
  const facts = structuredClone(three);
  const message = facts.runs[0].messages.find((one) => one.name === "bad");
  message.redriven_from = "source queue's DLQ";
  message.steps.push([120, "redriven", "queue", "waiting", 0]);
  assert.equal(events(facts).at(-1).sentence,
    "bad: moved back from the source queue's DLQ, to be tried again.");
  const seen = at(facts, 121).messages.find((one) => one.message.name === "bad");
  assert.deepEqual([seen.from, seen.place, seen.state], ["source queue's DLQ", "queue", "waiting"]);
});

test("what is tried once more after it has arrived is told so, and lies where it lay", () => {
  const facts = structuredClone(three);
  const message = facts.runs[0].messages.find((one) => one.name === "bad");
  const place = "source queue's DLQ";
  message.attempts.push({ ...message.attempts[0], number: 4, start_s: 120, end_s: 120.003, outcome: "ok", error_type: "" });
  message.steps.push([120, "attempt", place, "kept", 3], [120.003, "ended", place, "kept", 3]);
  assert.deepEqual(events(facts).slice(-2).map((one) => one.sentence), [
    "bad: attempt 4 begins, though it has arrived in the source queue's DLQ: it was delivered once more.",
    "bad: attempt 4 succeeded, and it still lies in the source queue's DLQ.",
  ]);
  for (const t of [120, 121]) {
    assert.equal(names(at(facts, t)).bad, place);
    assert.deepEqual(at(facts, t).counters[0][place], [1, 0]);
  }
});

test("of a run that goes on the last moment is what its facts say, and told alone", () => {
  const [run] = three.runs;
  // Given three orders of which all but their last step was told before
  const told_before = run.messages.map(({ steps }) => steps.length - 1);
  const { moments } = read({ ...three, runs: [{ ...run, told_before }] });
  const last = moments.at(-1).steps;
  assert.equal(last.length, run.messages.length);
  assert.ok(last.every(({ order, message }) => order === message.steps.length - 1));
});

test("of several runs messages are told behind the title of theirs", () => {
  const one = { steps: [], waits: [], attempts: [] };
  const runs = ["Whole", "Partial"].map((title) => ({ title, messages: [{ ...one, name: "a" }, { ...one, name: "b" }] }));
  const { messages } = read({ runs });
  assert.equal(together(messages.slice(0, 3)), "Whole a and b and Partial a");
  assert.equal(together(messages), "4 messages");
  assert.equal(together(read({ runs: [{ title: "", messages: [{ ...one, name: "a" }] }] }).messages), "a");
});

test("what arrives on several ways arrives in the place of each, and each is named", () => {
  const one = { steps: [[90, "arrived", "source queue's DLQ", "kept", 0]], waits: [], attempts: [],
    arrivals: [{ reason: "maxReceiveCount = 3 reached", is_success: false }] };
  const runs = ["Whole", "Partial"].map((title, n) => ({ title,
    messages: n ? [{ ...one, name: "bad" }, { ...one, steps: [], name: "good" }] : ["a", "b", "bad"].map((name) => ({ ...one, name })) }));
  const [moment] = read({ runs }).moments;
  assert.equal(sentence(moment.steps), "Whole a, b and bad and Partial bad: arrive in their own "
    + "source queue's DLQ (maxReceiveCount = 3 reached).");
});

test("of several runs no way speaks itself: its one message is told as the one on it", () => {
  const one = { name: "bad-1", steps: [], waits: [], attempts: [] };
  const { messages } = read({ runs: ["SQS", "Fourth path"].map((title) => ({ title, messages: [one] })) });
  assert.equal(together(messages.slice(0, 1)), "Message on SQS");
  assert.equal(together(messages), "Messages on SQS and Fourth path");
});

test("what was seen before a press does not undo what the press brings", (t) => {
  // Given a player out of sight, of which its observer is about to say so
  let unheard = [{ isIntersecting: false }], hear, brought = 0;
  const taken = () => unheard.splice(0);
  const around = {
    IntersectionObserver: class { constructor(heard) { hear = heard; } observe() {} takeRecords() { return taken(); } },
    document: { scrollingElement: { scrollTop: 0 } },
    innerHeight: 700,
  };
  Object.assign(globalThis, around);
  t.after(() => Object.keys(around).forEach((name) => { delete globalThis[name]; }));
  const part = { style: {}, offsetHeight: 50, getBoundingClientRect: () => ({ height: 50 }), scrollIntoView: () => { brought++; } };
  const sight = new Sight(part, () => ({ picture: part, runs: part, head: part, dock: part }), true);
  // When somebody presses, what is unheard is told, and somebody presses again
  sight.bring();
  const late = taken();
  if (late.length) hear(late);
  sight.bring();
  // Then it was brought into sight once
  assert.equal(brought, 1);
  // But who comes back to it from elsewhere has it brought again
  unheard = [{ isIntersecting: false }];
  sight.bring();
  assert.equal(brought, 2);
});

test("nobody waits after a moment for what came within it", () => {
  const waits = (start_s, end_s) => [{ start_s, end_s, told: "hidden" }];
  const messages = [{ index: 0, waits: waits(60, 90.1) }, { index: 1, waits: waits(60, 120) }];
  const [only, ...others] = waitsAfter({ moments: [{ t: 90, until: 90.2 }], messages }, 0);
  assert.deepEqual([only.messages, others], [[messages[1]], []]);
});
