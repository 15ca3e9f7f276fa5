// The pure part of the index's search, under Node's own test runner.

import assert from "node:assert/strict";
import { test } from "node:test";

import { around, found, marked, readable } from "../../../workshop/guides/js/search.js";
import { folded, placesOf, wordsOf } from "../../../workshop/guides/js/words.js";

const section = (heading, text) => ({ page: "Queues", heading, text, address: `a#${heading}` });
const SECTIONS = [
  section("Run", "The visibility timeout hides a message."),
  section("The timeout", "Lambda ends an invocation."),
  section("Recap", "Nothing of it, at the café “Zoë’s”."),
  section("Code", 'fault="error" & <b>a.*b</b> [1] (2) a\\b $0 c++'),
].map((section) => readable({ folded: "", ...section }));
const headings = (query) => found(SECTIONS, wordsOf(query)).map(({ heading }) => heading);
const words = (pieces) => pieces.filter(([, isWord]) => isWord).map(([piece]) => piece);
const all = (pieces) => pieces.map(([piece]) => piece).join("");

test("every word has to be there, in whatever case", () => {
  assert.deepEqual(headings("TIMEOUT Message"), ["Run"]);
  assert.deepEqual(headings("timeout elephant"), []);
});

test("a section whose heading has the word comes first", () => {
  assert.deepEqual(headings("timeout"), ["The timeout", "Run"]);
});

test("the page's title counts, and nothing is found for nothing", () => {
  assert.equal(headings("queues").length, 4);
  assert.deepEqual(headings("  "), []);
  assert.deepEqual(headings('"" "'), []);
});

test("accents and kinds of quotes make no difference, typed or not", () => {
  for (const query of ["cafe", "CAFÉ", "cafe\u0301", "zoe's", "ZOË’S", "“Zoë's”", '"at the cafe'])
    assert.deepEqual(headings(query), ["Recap"], query);
});

test("what stands in quotes is one word", () => {
  assert.deepEqual(headings('"visibility  timeout"'), ["Run"]);
  assert.deepEqual(headings('"timeout visibility"'), []);
  assert.deepEqual(wordsOf('a "b  c" d “e f” a "g h'), ["a", "b c", "d", "e f", "g h"]);
});

test("signs of HTML and of patterns are signs", () => {
  for (const query of ['fault="error"', "<b>", "&", "a.*b", "[1]", "(2)", "a\\b", "$0", "c++"])
    assert.deepEqual(headings(query), ["Code"], query);
  for (const query of [".*", "a.b", "[0-9]", "&lt;", "&amp;"])
    assert.deepEqual(headings(query).includes("Run"), false, query);
});

test("a place is that of the text itself, whatever was left out of it", () => {
  const text = "Ǆ İ  e\u0301te\u0301 \u{1F600}  ÉTÉ";
  const places = placesOf(folded(text), ["ete"]);
  assert.deepEqual(places.map(([begin, end]) => text.slice(begin, end)), ["e\u0301te\u0301", "ÉTÉ"]);
});

test("words that lie over each other are one mark", () => {
  assert.deepEqual(words(marked("a timeout", ["timeo", "meout", "time"])), ["timeout"]);
});

test("every word is marked, each time", () => {
  const pieces = marked("Visibility timeout: the timeout of visibility", wordsOf("timeout visibility"));
  assert.deepEqual(words(pieces), ["Visibility", "timeout", "timeout", "visibility"]);
  assert.equal(all(pieces), "Visibility timeout: the timeout of visibility");
});

test("what is shown is a piece of the text around each word, cut between words", () => {
  const text = `${"many words ".repeat(20)}visibility timeout ${"and more ".repeat(20)}elephant`.trim();
  const near = around(text, wordsOf("timeout VISIBILITY"));
  assert.deepEqual(words(near), ["visibility", "timeout"]);
  assert.match(all(near), /^… (many|words) .* words visibility timeout and .* (and|more) …$/);
  assert.ok(all(near).length < 160);
  // One that is far away has a piece of its own
  const far = around(text, wordsOf("elephant visibility"));
  assert.deepEqual(words(far), ["visibility", "elephant"]);
  assert.match(all(far), /^… .* visibility timeout .* … (and|more) .* elephant$/);
});

test("a short text is shown whole, and one without the word from its beginning", () => {
  assert.equal(all(around("short timeout", ["timeout"])), "short timeout");
  assert.deepEqual(around("in the heading", ["other"]), [["in the heading", false]]);
  const long = `${"x".repeat(300)} timeout`;
  assert.deepEqual(words(around(long, ["timeout"])), ["timeout"]);
});
