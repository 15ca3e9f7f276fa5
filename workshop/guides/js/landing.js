// Whoever comes from the search of the index sees the words marked that were looked for.

import { folded, placesOf, wordsOf } from "./words.js";

// What the search passes over, too; see search.py.
const PASSED_OVER = "svg, script, style, template, button, .workshop-player, details.terms, .answers";
const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, td, th, caption, figcaption, summary, pre, div, .narrow *";

export function markWords(page, query) {
  const words = wordsOf(query ?? "");
  const content = page.getElementById("content");
  if (!words.length || !content) return;
  const { text, nodes } = textOf(page, content);
  let last = nodes.length - 1;
  // From the end: what stands before a mark stays where it is.
  for (const [begin, end] of placesOf(folded(text), words).reverse()) {
    while (nodes[last].at >= end) last -= 1;
    for (let n = last; n >= 0 && nodes[n].at + nodes[n].length > begin; n -= 1) {
      mark(page, nodes[n], begin, end);
    }
  }
  for (const summary of foldsOver(content)) {
    const told = page.createElement("mark");
    told.textContent = "found in here";
    told.className = "found-in-here";
    summary.append(" ", told);
  }
}

/** The summaries of all that is folded over a mark, and does not show it. */
function foldsOver(content) {
  const folds = new Set();
  for (const found of content.querySelectorAll("mark")) {
    for (let fold = found.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      const summary = fold.querySelector(":scope > summary");
      if (summary && !summary.contains(found)) folds.add(summary);
    }
  }
  return folds;
}

/** All that can be found, and the nodes that it consists of; a block ends a word. */
function textOf(page, content) {
  const read = (node) => (node.parentElement.closest(PASSED_OVER) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = page.createTreeWalker(content, NodeFilter.SHOW_TEXT, read);
  const nodes = [];
  let text = "";
  let before = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const block = node.parentElement.closest(BLOCKS);
    if (block !== before) text += "\n";
    nodes.push({ node, at: text.length, length: node.length });
    text += node.data;
    before = block;
  }
  return { text, nodes };
}

function mark(page, { node, at, length }, begin, end) {
  const [from, to] = [Math.max(begin - at, 0), Math.min(end - at, length)];
  if (from >= to) return;
  const range = page.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  range.surroundContents(page.createElement("mark"));
}
