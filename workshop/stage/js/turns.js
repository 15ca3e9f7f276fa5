// In which order the clock moves and what it tells is shown. Pure: who owns the page gives the rest.

import { ON_ITS_WAY_MS } from "./face.js";

// A moment that is no further than this needs no way.
const NO_WAY_S = 0.5;
// So long the clock is seen to be there, longer than from one of its ticks to the next.
const IS_THERE_MS = 120;

/** States of a stage, one after the other: first the clock gets to a moment, then that is told.
 *
 * `page` has `face`, `isQuiet`, `now()`, `later(work, ms)`, and `show(state, isAnew)`.
 */
export class Turns {
  constructor(page) {
    this.page = page;
    this.shown = null;
    this.coming = null;
  }

  /** A state has come. Going back, another scene, and whatever needs no way come at once. */
  hear(state) {
    if (this.coming && this.isSameMoment(this.coming, state)) { this.coming = state; return; }
    // What comes after one that is on its way is shown after it, with the clock there at once.
    if (this.coming && this.isLater(this.coming, state)) {
      this.arrive(this.coming);
      this.tell(this.coming);
    }
    this.coming = null;
    if (!this.needsWay(state)) { this.tell(state); return; }
    const { face, now, later } = this.page;
    const turn = {};
    [this.turn, this.coming] = [turn, state];
    face.know({ t_s: toldAt(state), rate: 0, until_s: null }, now());
    later(() => {
      if (this.turn !== turn || !this.coming) return;
      const { coming } = this;
      this.coming = null;
      this.tell(coming);
    }, ON_ITS_WAY_MS + IS_THERE_MS);
  }

  arrive(state) {
    const { face, now } = this.page;
    face.know({ t_s: Math.max(toldAt(state), face.at(now())), rate: 0, until_s: null }, now(), true);
  }

  tell(state) {
    const before = this.shown;
    this.shown = state;
    const goesOn = Boolean(before) && (this.isSameMoment(before, state) || this.isLater(before, state));
    this.page.face.know(state, this.page.now(), !goesOn);
    this.page.show(state, before);
  }

  needsWay(state) {
    const { face, isQuiet, now } = this.page;
    return !isQuiet && Boolean(this.shown) && this.isLater(this.shown, state)
      && toldAt(state) - face.at(now()) >= NO_WAY_S;
  }

  isSameMoment(before, state) {
    return isOneScene(before, state) && before.shown === state.shown;
  }

  isLater(before, state) {
    return isOneScene(before, state) && before.shown < state.shown;
  }
}

function isOneScene(before, state) {
  return Boolean(before.facts && state.facts) && before.scene?.name === state.scene?.name;
}

/** When that happened of which a state tells last. */
function toldAt({ facts }) {
  return Math.max(...facts.runs.map(({ end_s: end }) => end));
}
