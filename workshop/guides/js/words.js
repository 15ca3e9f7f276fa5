// What somebody looks for, as words, and where they stand in a text. Pure.

// Signs that keyboards do not have, as they are typed instead.
const TYPED = new Map([
  ..."‘’‚′".split("").map((sign) => [sign, "'"]),
  ..."“”„″".split("").map((sign) => [sign, '"']),
  ..."‐‑‒–—−".split("").map((sign) => [sign, "-"]),
]);

/** The words of a query, each once; what stands in double quotes is one word. */
export function wordsOf(query) {
  const found = [...query.matchAll(/["“”„]([^"“”„]*)["“”„]?|\S+/g)];
  const words = found.map(([all, quoted]) => folded(quoted ?? all).plain.trim());
  return [...new Set(words.filter(Boolean))];
}

/**
 * A text without what makes no difference: case, accents, kinds of quotes, lengths of spaces.
 *
 * Returns {plain, places}: for each of its letters where it stands in the text, and the text's end.
 */
export function folded(text) {
  const letters = [];
  const places = [];
  let at = 0;
  for (const letter of text) {
    for (const one of plainOf(letter, letters.at(-1))) {
      letters.push(one);
      places.push(at);
    }
    at += letter.length;
  }
  places.push(text.length);
  return { plain: letters.join(""), places };
}

function plainOf(letter, before) {
  if (letter <= "~" && letter > " ") return letter.toLowerCase();
  if (/\s/.test(letter)) return before === " " ? "" : " ";
  // In units of its length, as places are.
  return (TYPED.get(letter) ?? letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()).split("");
}

/** Where words stand in a folded text: [begin, end] in the text itself, in order, none in another. */
export function placesOf({ plain, places }, words) {
  const found = [];
  for (const word of words) {
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length)) {
      found.push([places[at], places[at + word.length]]);
    }
  }
  return found.sort(([a], [b]) => a - b).reduce(joinedTo, []);
}

/** Ranges and one more, which begins behind where the last one begins. */
export function joinedTo(ranges, [begin, end]) {
  const last = ranges.at(-1);
  if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
  else ranges.push([begin, end]);
  return ranges;
}
