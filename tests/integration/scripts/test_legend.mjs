// What the stage says of its marks, under Node's own test runner.

import assert from "node:assert/strict";
import { test } from "node:test";

import { legendOf } from "../../../workshop/stage/js/legend.js";

const facts = (...sizes) => ({ runs: [{ messages: [{ attempts: [], unseen: sizes.map((size) => ({ batch_size: size })) }] }] });

test("each mark without a number is told where there is one, and nothing else", () => {
  assert.equal(legendOf(facts()), "");
  assert.equal(legendOf(facts(0, 0)), "?: received, no log line.");
  const shared = { runs: [{ messages: [{ unseen: [], attempts: [{ outcome: "error" }, { outcome: "shared" }] }] }] };
  assert.equal(legendOf(shared), "Pale mark: done, but its batch failed.");
  assert.equal(legendOf(facts(2)), "-: in a batch, not tried.");
  assert.equal(legendOf(facts(0, 2)), "?: received, no log line. -: in a batch, not tried.");
});
