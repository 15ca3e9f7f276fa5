// What lies in a place from other scenes: told beside the count of this one, and not in it.

import { say } from "../../player/js/elements.js";

/** Counters show the messages of this scene; what else lies there stands below the place's name.
 *
 * The question of a scene is where its message ends: what is left from before must not answer it.
 */
export function tellOthers(picture, others) {
  for (const [id, { hidden }] of picture.counters) {
    if (!others[id]) continue;
    say(hidden, `and ${others[id]} of other scenes`);
    hidden.closest(".card").classList.add("counts");
  }
}
