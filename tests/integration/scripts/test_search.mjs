// The pure part of the index's search, under Node's own test runner.

import assert from "node:assert/strict";
import { test } from "node:test";

import { around, found } from "../../../workshop/guides/js/search.js";

const section = (heading, text) => ({ page: "Queues", heading, text, address: `a#${heading}` });
const SECTIONS = [
  section("Run", "The visibility timeout hides a message."),
  section("The timeout", "Lambda ends an invocation."),
  section("Recap", "Nothing of it."),
];
const headings = (query) => found(SECTIONS, query).map(({ heading }) => heading);

test("every word has to be there, in whatever case", () => {
  assert.deepEqual(headings("TIMEOUT Message"), ["Run"]);
  assert.deepEqual(headings("timeout elephant"), []);
});

test("a section whose heading has the word comes first", () => {
  assert.deepEqual(headings("timeout"), ["The timeout", "Run"]);
});

test("the page's title counts, and nothing is found for nothing", () => {
  assert.equal(headings("queues").length, 3);
  assert.deepEqual(headings("  "), []);
});

test("what is shown is a piece of the text around the first word, cut between words", () => {
  const text = `${"many words ".repeat(20)}visibility timeout ${"and more ".repeat(20)}`.trim();
  const [before, word, after] = around(text, "timeout VISIBILITY");
  assert.equal(word, "visibility");
  assert.match(before, /^… (many|words) .* words $/);
  assert.match(after, /^ timeout and .* (and|more) …$/);
  assert.ok(before.length < 80 && after.length < 80);
  assert.deepEqual(around("short timeout", "timeout"), ["short ", "timeout", ""]);
  assert.deepEqual(around("in the heading", "other"), ["in the heading", "", ""]);
});
