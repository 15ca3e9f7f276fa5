// Which time of AWS the clock shows. Pure.

/** So long the clock is on its way to a new time, before what happened then is told. */
export const ON_ITS_WAY_MS = 400;

/** The clock's face: it goes on between what is heard, never back, and never further than is known. */
export class Face {
  constructor(isQuiet = false) {
    this.isQuiet = isQuiet;
    this.know({ t_s: 0, rate: 0, until_s: null }, 0, true);
  }

  /** It is told where AWS's clock is, how fast that runs, and how far it may; at a time of ours.
   *
   * `isAnew`: another scene, or somebody went back. Only then the clock does not go on from where
   * it was.
   */
  know({ t_s: t, rate, until_s: until }, ms, isAnew = false) {
    this.from = isAnew ? t : this.at(ms);
    this.to = Math.max(t, this.from);
    this.rate = rate;
    this.until = until ?? Infinity;
    this.since = ms;
  }

  /** Seconds of AWS since the scene's first message. */
  at(ms) {
    const passed = Math.max(ms - this.since, 0);
    const way = this.isQuiet ? 1 : Math.min(passed / ON_ITS_WAY_MS, 1);
    const goal = this.to + (this.rate * passed) / 1000;
    const t = this.from + (goal - this.from) * way;
    return Math.max(this.from, Math.min(t, Math.max(this.until, this.to)));
  }
}
