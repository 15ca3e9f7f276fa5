// Which words have room in a lane, and where. Pure.

import { shortPlace } from "./steps.js";

// As wide as a bold letter is in the widest of the usual fonts: what fits so fits everywhere.
export const BOLD_LETTER = 8.8;
const BETWEEN_WORDS = 14;
// From the middle of an end to the words beside it, and to that of the mark before it.
const WORDS_BESIDE = 14;
const END_BESIDE = 23;

/** How a lane is called: by its number and its label, unless that begins with its number ("2nd order-1"). */
export function laneName(label, number, ofHowMany) {
  const isTold = new RegExp(`^${number}(st|nd|rd|th)\\b`).test(label);
  return ofHowMany > 1 && !isTold ? `${number}  ${label}` : label;
}

/** Where a lane tells its end: `text`, and whether it `isAbove` the line, where the lane's name is.
 *
 * It is told in full as long as that has room. Where even its short name has none, `nameRoom` is
 * what it leaves to the name of the lane.
 */
export function endWords(place, { x, width, name, isFollowed }) {
  const short = shortPlace(place);
  const left = (text) => width - BOLD_LETTER * text.length - BETWEEN_WORDS;
  for (const text of [place, short]) {
    // What follows the end has its mark where the words beside it would stand.
    if (!isFollowed && x + WORDS_BESIDE + BOLD_LETTER * text.length <= width) return { text, isAbove: false };
    if (BOLD_LETTER * name.length <= left(text)) return { text, isAbove: true };
  }
  return { text: short, isAbove: true, nameRoom: left(short) };
}

/** Where marks are drawn, given their places: an end steps aside and hides no number. */
export function besideEachOther(marks) {
  const drawn = [];
  marks.forEach(({ x, isEnd }, i) => {
    const isAside = isEnd && i > 0 && i === marks.length - 1;
    drawn.push(isAside ? Math.max(x, drawn[i - 1] + END_BESIDE) : x);
  });
  return drawn;
}
