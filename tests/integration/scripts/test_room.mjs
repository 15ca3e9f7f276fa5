// Which words have room in a lane of the player, under Node's own test runner.

import assert from "node:assert/strict";
import { test } from "node:test";

import { besideEachOther, BOLD_LETTER, endWords, laneName } from "../../../workshop/player/js/room.js";

const DLQ = "source queue's DLQ";
const lane = { x: 150, width: 288, name: "good-090004-xbqp", isFollowed: false };

test("a number is told once", () => {
  assert.equal(laneName("order-1", 1, 2), "1  order-1");
  assert.equal(laneName("order-1", 1, 1), "order-1");
  for (const [name, number] of [["1st loop", 1], ["2nd loop", 2], ["3rd loop", 3], ["17th loop", 17]]) {
    assert.equal(laneName(name, number, 17), name);
  }
  // Another one's number, or none of a place
  assert.equal(laneName("2nd loop", 1, 17), "1  2nd loop");
  assert.equal(laneName("1-st", 1, 17), "1  1-st");
});

test("an end is told in full beside its mark, or else beside the lane's name", () => {
  assert.deepEqual(endWords(DLQ, { ...lane, x: 100 }), { text: DLQ, isAbove: false });
  assert.deepEqual(endWords(DLQ, { ...lane, name: "bad" }), { text: DLQ, isAbove: true });
  assert.deepEqual(endWords(DLQ, { ...lane, x: 100, name: "bad", isFollowed: true }), { text: DLQ, isAbove: true });
});

test("where the whole name of an end has no room its short one is told", () => {
  assert.deepEqual(endWords(DLQ, lane), { text: "DLQ", isAbove: false });
  assert.deepEqual(endWords(DLQ, { ...lane, x: 280 }), { text: "DLQ", isAbove: true });
});

test("the name of a lane and that of its end never run together", () => {
  for (let width = 200; width < 400; width += 7) {
    for (let letters = 0; letters < 30; letters += 1) {
      const name = "n".repeat(letters);
      const { text, isAbove, nameRoom } = endWords(DLQ, { x: width - 11, width, name, isFollowed: false });
      const long = nameRoom ?? BOLD_LETTER * letters;
      assert.ok(isAbove && long > -1 && long + BOLD_LETTER * text.length <= width - 12, `${letters} of ${width}`);
    }
  }
});

test("an end stands beside the mark before it, unless there is room between them", () => {
  const [sent, tried] = [{ x: 10, isEnd: false }, { x: 100, isEnd: false }];
  assert.deepEqual(besideEachOther([sent, tried, { x: 104, isEnd: true }]), [10, 100, 123]);
  assert.deepEqual(besideEachOther([sent, tried, { x: 150, isEnd: true }]), [10, 100, 150]);
  // What was tried again afterwards has its own mark there
  assert.deepEqual(besideEachOther([sent, { x: 90, isEnd: true }, tried]), [10, 90, 100]);
});
