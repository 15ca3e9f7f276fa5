// Search over the series, on the index: its sections stand in the page, nothing is asked for.

import { folded, joinedTo, placesOf, wordsOf } from "./words.js";

const MOST_SHOWN = 20;
const AROUND = 60;

/** A section that can be looked through. */
export function readable(section) {
  const title = folded(`${section.page} ${section.heading}`).plain;
  const open = `${title} ${folded(section.text).plain}`;
  return { ...section, title, open, all: `${open} ${folded(section.folded).plain}` };
}

/** The sections in which every word is found: those in whose heading first. Pure. */
export function found(sections, words) {
  if (!words.length) return [];
  return sections
    .map((section, number) => ({ section, number, rank: rankOf(section, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.number - b.number)
    .map(({ section }) => section);
}

/** How well a section answers: 0 where a word is missing, else 1 and 10 for each in its heading. */
function rankOf({ title, all }, words) {
  if (!words.every((word) => all.includes(word))) return 0;
  return 1 + 10 * words.filter((word) => title.includes(word)).length;
}

/** Pieces of a text around each word that is found in it, as [piece, is it a word]. Pure. */
export function around(text, words) {
  const plain = folded(text);
  const first = words.flatMap((word) => placesOf(plain, [word]).slice(0, 1));
  const shown = first.map(([at, end]) => [beginOf(text, at), endOf(text, end)])
    .sort(([a], [b]) => a - b).reduce(joinedTo, []);
  if (!shown.length) return [[text.slice(0, endOf(text, AROUND)), false]];
  const gaps = shown.map(([begin], n) => [n ? " … " : begin > 0 ? "… " : "", false]);
  const ends = [[shown.at(-1)[1] < text.length ? " …" : "", false]];
  return [...shown.flatMap((range, n) => [gaps[n], ...marked(text, words, range)]), ...ends]
    .filter(([piece]) => piece);
}

/** A text, or a part of it, as [piece, is it a word]. Pure. */
export function marked(text, words, [begin, end] = [0, text.length]) {
  const pieces = [];
  let at = begin;
  for (const [from, to] of placesOf(folded(text), words)) {
    if (from < begin || to > end) continue;
    pieces.push([text.slice(at, from), false], [text.slice(from, to), true]);
    at = to;
  }
  return [...pieces, [text.slice(at, end), false]].filter(([piece]) => piece);
}

// A piece is cut between words.
function beginOf(text, at) {
  const space = text.indexOf(" ", Math.max(at - AROUND, 0));
  return at <= AROUND ? 0 : Math.min(space < 0 ? at : space + 1, at);
}

function endOf(text, at) {
  return at + AROUND >= text.length ? text.length : Math.max(text.lastIndexOf(" ", at + AROUND), at);
}

function start(page) {
  const form = page.getElementById("search");
  if (!form) return;
  const sections = JSON.parse(page.getElementById("sections").textContent).map(readable);
  const [field, told, list] = ["input", "[role=status]", "ol"].map((name) => form.querySelector(name));
  const rest = form.querySelector("button");
  const show = (most) => {
    const words = wordsOf(field.value);
    const hits = found(sections, words);
    told.textContent = words.length ? toldOf(hits.length, most) : "";
    list.replaceChildren(...hits.slice(0, most).map((hit) => row(page, hit, words, field.value)));
    rest.hidden = hits.length <= most;
    rest.textContent = `Show the other ${hits.length - most}`;
  };
  form.hidden = false;
  field.addEventListener("input", () => show(MOST_SHOWN));
  rest.addEventListener("click", () => {
    show(Infinity);
    // The button has gone: the keyboard goes on with the first of the others.
    list.children[MOST_SHOWN].querySelector("a").focus();
    remember();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  // Whoever follows a hit and comes back finds what was found.
  const remember = () => history.replaceState({ query: field.value, isAll: list.children.length > MOST_SHOWN }, "");
  field.addEventListener("change", remember);
  field.value = history.state?.query ?? field.value;
  show(history.state?.isAll ? Infinity : MOST_SHOWN);
}

/** What is said of a search. Pure. */
export function toldOf(number, most) {
  if (!number) return "No section has all of these words. Try fewer; all guides are listed below.";
  const more = number > most ? `, the first ${most} are shown` : "";
  return `${number} section${number === 1 ? "" : "s"}${more}`;
}

function row(page, { page: title, heading, text, open, address }, words, query) {
  const made = (name, ...parts) => {
    const node = page.createElement(name);
    node.append(...parts);
    return node;
  };
  const shown = (pieces) => pieces.map(([piece, isWord]) => (isWord ? made("mark", piece) : piece));
  const link = made("a", ...shown(marked(heading === title ? title : `${title}: ${heading}`, words)));
  // The page marks the same words.
  const [file, anchor] = address.split("#");
  link.href = `${file}?find=${encodeURIComponent(query.trim())}#${anchor}`;
  // An answer is found, and not told.
  const isFolded = words.some((word) => !open.includes(word));
  const told = isFolded ? [made("p", "Found in an answer that is folded there.")] : [];
  return made("li", link, made("p", ...shown(around(text, words))), ...told);
}

if (typeof document !== "undefined") start(document);
