// The player: time that passes, and what the reader does about it.

import { Asking } from "./asking.js";
import { arrivedAt, clockOf, lastUpTo, samePlace, timeAt } from "./clock.js";
import { controls } from "./controls.js";
import { h, say } from "./elements.js";
import { evidence } from "./evidence.js";
import { Lanes } from "./lanes.js";
import { Picture, tallSize, wideSize } from "./picture.js";
import { momentOf, mostTelling, nextQuestion, seenAfter } from "./seen.js";
import { Sight } from "./sight.js";
import { about, lastAbout, read } from "./steps.js";
import { Telling } from "./telling.js";

// How much of a window the sentence may take while the picture is scrolled beside it.
const MOST_SAID = 0.3;
const PLAY = "Play or pause (space)";
const QUIET = "(prefers-reduced-motion: reduce)";

/** Puts a player into an element; `end()` takes it out again.
 *
 * options: `answers` given so far, `onAnswer(answers)` for each new one.
 */
export function play(root, facts, options = {}) {
  return new Player(root, facts, options);
}

class Player {
  constructor(root, facts, { answers = {}, onAnswer = () => {} }) {
    this.story = read(facts);
    this.answers = { ...answers };
    this.onAnswer = onAnswer;
    this.isQuiet = matchMedia(QUIET).matches;
    this.followed = null;
    this.speed = 1;
    this.x = 0;
    this.clock = clockOf(this.story);
    this.root = root;
    this.build();
    this.sight = new Sight(this.body, () => this.parts(), this.isQuiet);
    this.observer = new ResizeObserver(([entry]) => this.fit(entry.contentRect.width));
    this.observer.observe(this.body);
    this.fit(this.body.clientWidth || 800);
    this.label();
  }

  build() {
    this.telling = new Telling(this.story, this.isQuiet);
    this.asking = new Asking(this.story.facts.questions, (question, answer) => this.answered(question, answer));
    this.evidence = h("div", { class: "evidence" });
    // As high as it is, whatever stands in it: nothing below the player moves while it is stepped through.
    this.below = h("div", { class: "below", role: "group", "aria-label": "Evidence", tabindex: 0 },
      this.asking.box, this.evidence);
    this.runs = h("div", { class: "runs", onfocusin: ({ target }) => this.uncover(target) });
    const { dock, settings, main, range } = controls(this);
    this.dock = dock;
    [this.main, this.range] = [main, range];
    this.body = h("div", { class: "player-body", role: "group", "aria-label": "Player: watch what happened",
      // JupyterLab's own keys do not act within it.
      "data-lm-suppress-shortcuts": "true", onkeydown: (event) => this.key(event) },
    this.telling.head, this.runs, dock, settings, this.below);
    this.root.classList.add("workshop-player");
    this.root.replaceChildren(this.body);
    this.root.hidden = false;
  }

  parts() {
    const run = this.followed === null ? 0 : this.story.messages[this.followed].run;
    return { picture: this.pictures[run].svg, runs: this.runs, head: this.telling.head, dock: this.dock };
  }

  /** Draw for a width. */
  fit(width) {
    if (!width || Math.abs(width - (this.width ?? 0)) < 2) return;
    this.width = width;
    this.draw();
    this.below.style.setProperty("--asked", `${this.asking.mostHeight()}px`);
    // What happened is read beside the picture, where that leaves it room.
    this.telling.head.classList.toggle("sticks", this.telling.head.offsetHeight < MOST_SAID * innerHeight);
  }

  /** What has the focus is not behind what stays in sight. */
  uncover(target) {
    const { head } = this.telling;
    const [box, top, bottom] = [target, head, this.dock].map((one) => one.getBoundingClientRect());
    const isSticky = (node) => getComputedStyle(node).position === "sticky";
    const low = isSticky(this.dock) ? box.bottom - bottom.top : 0;
    const high = isSticky(head) ? box.top - top.bottom : 0;
    if (low > 0) scrollBy(0, low + 4);
    else if (high < 0) scrollBy(0, high - 4);
  }

  draw() {
    const { runs } = this.story.facts;
    const columns = runs.length > 1 && this.width > 700 ? 2 : 1;
    const room = this.width / columns - (columns > 1 ? 16 : 0) - 2;
    // All runs alike, so that they can be compared.
    const wide = runs.map((run) => (room < 560 ? null : wideSize(run, room)));
    const isTall = wide.includes(null);
    this.runs.style.setProperty("--columns", columns);
    this.pictures = runs.map((run, number) => new Picture(run, number, isTall, isTall ? tallSize(room) : wide[number]));
    this.lanes = runs.map((run, number) =>
      new Lanes(this.story, this.clock, run, number, room, (what) => this.open(what)));
    this.runs.replaceChildren(...runs.map((run, number) => h("div", { class: "run" },
      run.title ? h("p", { class: "title" }, run.title) : null, this.pictures[number].svg, this.lanes[number].svg,
      this.lanes[number].rest ? h("p", { class: "soft" }, `and ${this.lanes[number].rest} more messages, which the counters count`) : null)));
    this.range.max = this.clock.end;
    this.shownMoment = undefined;
    this.show();
    this.ringsOfAnswers();
  }

  /** The one that has come last; -1 before anything is played. */
  get moment() {
    return this.x > 0 ? lastUpTo(this.clock.x, this.x) : -1;
  }

  /** AWS's time; it stands while the messages of a moment are on their way. */
  get t() {
    const i = this.moment;
    if (i < 0) return this.clock.times[0];
    const [from, to] = [arrivedAt(this.clock, i), this.clock.x[i + 1] ?? Infinity];
    const share = this.x > from ? (this.x - from) / (to - from) : 0;
    return timeAt(this.clock, to === Infinity ? this.clock.x[i] : this.clock.x[i] + share * (to - this.clock.x[i]));
  }

  /** Whether a question about what follows a moment has no answer yet. */
  isAskedAt(moment) {
    return this.story.facts.questions.some((question) =>
      !(question.id in this.answers) && momentOf(this.clock, question) === moment);
  }

  go(x) {
    this.x = Math.min(Math.max(x, 0), this.clock.end);
    this.show();
    this.label();
  }

  show() {
    const { moment, t } = this;
    const isAsked = this.isAskedAt(moment);
    if (moment !== this.shownMoment) {
      this.shownMoment = moment;
      // What a question is about must not be seen in the picture that it stands beside.
      const seen = seenAfter(this.story, isAsked ? moment - 1 : moment);
      for (const picture of this.pictures) picture.arrive(seen, this.followed);
      this.telling.moment(moment, this.followed);
      this.unfold(lastAbout(this.story, moment, this.followed));
      if (moment < this.answeredAt) this.asking.forget();
    }
    const gap = moment < 0 ? 1 : arrivedAt(this.clock, moment) - this.clock.x[moment];
    const share = this.isQuiet || isAsked || moment < 0 || gap < 0.05 ? 1 : Math.min((this.x - this.clock.x[moment]) / gap, 1);
    for (const picture of this.pictures) picture.move(share);
    for (const lanes of this.lanes) lanes.move(this.x, moment, this.followed);
    this.range.value = this.x;
    this.tellTime(t);
  }

  tellTime(t) {
    const told = this.telling.at(t, this.asking.question !== null);
    if (this.range.told === told) return;
    this.range.told = told;
    this.range.setAttribute("aria-valuetext", told);
  }

  /** At an attempt its log lines, at an arrival the parcel. */
  unfold(moment) {
    if (moment === this.unfolded) return;
    this.unfolded = moment;
    const step = moment < 0 ? null : mostTelling(about(this.story.moments[moment].steps, this.followed));
    this.tell(step ? evidence(this.story, { step }, moment)
      : [h("p", { class: "soft" }, "Log lines and records appear here as they come. "
        + "Click a mark of the timeline, or press Enter on it, to open what is behind it.")]);
  }

  open(what) {
    this.pause();
    this.tell(evidence(this.story, what, this.moment));
    this.below.scrollIntoView({ block: "nearest" });
    this.below.scrollTop = this.evidence.offsetTop - this.asking.box.offsetTop;
  }

  tell(parts) {
    this.evidence.replaceChildren(...parts);
    this.below.scrollTop = 0;
  }

  toggle() {
    if (!this.frame) this.bring();
    if (this.isQuiet) this.isAtEnd ? this.first() : this.step(1);
    else if (this.frame) this.pause();
    else this.start();
  }

  start(until = null) {
    if (this.asking.question) {
      this.asking.focus();
      return;
    }
    if (this.x >= this.clock.end - 0.01) this.go(0);
    let before = null;
    const speed = until === null ? null : 1;
    const frame = (now) => {
      const passed = before === null ? 0 : Math.min((now - before) / 1000, 0.1);
      before = now;
      const question = nextQuestion(this.story, this.clock, this.x, this.answers);
      const end = until ?? this.clock.end;
      const x = this.x + passed * (speed ?? this.speed);
      if (question && question.x <= x && question.x <= end + 0.2) {
        this.go(question.x);
        this.ask(question.question);
        return;
      }
      this.go(Math.min(x, end));
      if (this.x < end) this.frame = requestAnimationFrame(frame);
      else this.pause();
    };
    this.frame = requestAnimationFrame(frame);
    this.isPlaying = until === null;
    this.label();
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.isPlaying = false;
    this.frame = 0;
    this.label();
  }

  /** What the main button would do. */
  label() {
    const [text, name] = this.isPlaying ? ["❚❚ Pause", PLAY] : this.isAtEnd ? ["↻ Again", "Again, from the start (space)"]
      : this.isQuiet ? ["Next ›", "Next event (space)"] : ["▶ Play", PLAY];
    say(this.main, text);
    // Who says what they read on it to their computer means this button.
    for (const attribute of ["title", "aria-label"]) this.main.setAttribute(attribute, name);
  }

  /** Nothing is left to come; who sees jumps alone is there with the last event. */
  get isAtEnd() {
    const last = this.clock.x.length - 1;
    return this.x >= (this.isQuiet && !this.asking.question ? arrivedAt(this.clock, last) : this.clock.end) - 0.01;
  }

  /** What is played is seen; a question that stands there has been brought into sight. */
  bring() {
    if (!this.asking.question) this.sight.bring();
  }

  step(direction) {
    this.pause();
    this.bring();
    if (this.asking.question) return;
    const here = lastAbout(this.story, this.moment, this.followed);
    const moments = this.story.moments.map((_, i) => i)
      .filter((i) => about(this.story.moments[i].steps, this.followed).length);
    const next = direction > 0 ? moments.find((i) => i > here)
      : moments.findLast((i) => i < here);
    if (direction > 0) {
      const question = nextQuestion(this.story, this.clock, this.x, this.answers);
      // Who sees jumps alone would jump over a question that stands just after a moment.
      const seenAt = (i) => (this.isQuiet ? arrivedAt(this.clock, i) : this.clock.x[i]);
      if (question && question.x < (next === undefined ? Infinity : seenAt(next))) {
        this.go(question.x);
        this.ask(question.question);
        return;
      }
    }
    if (next === undefined) {
      this.go(direction > 0 ? this.clock.end : 0);
    } else if (direction > 0 && !this.isQuiet) {
      this.go(this.clock.x[next]);
      this.start(arrivedAt(this.clock, next));
    } else {
      this.go(arrivedAt(this.clock, next));
    }
  }

  key(event) {
    const { target, key } = event;
    event.stopPropagation();
    const isTyping = target.matches("select, input:not([type=range]):not([type=checkbox])");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === " " && !target.matches("button, input[type=checkbox]")) this.toggle();
    else if (key === "ArrowRight") this.step(1);
    else if (key === "ArrowLeft") this.step(-1);
    else if (key === "Home") this.first();
    else if (key === "End") this.last();
    else return;
    event.preventDefault();
  }

  /** Before the first event. */
  first() {
    this.pause();
    this.bring();
    if (!this.asking.question) this.go(0);
  }

  /** The last event; no further than a question that nobody has answered. */
  last() {
    this.pause();
    this.bring();
    if (this.asking.question) return;
    const question = nextQuestion(this.story, this.clock, this.x, this.answers);
    this.go(question ? question.x : this.clock.end);
    if (question) this.ask(question.question);
  }

  follow(value) {
    this.followed = value === "" ? null : Number(value);
    this.shownMoment = this.unfolded = undefined;
    this.show();
  }

  proportions(isProportional) {
    this.pause();
    const clock = clockOf(this.story, isProportional);
    this.x = samePlace(this.clock, clock, this.x);
    this.clock = clock;
    this.draw();
    this.label();
  }

  ask(question, wasPlaying = this.isPlaying) {
    this.wasPlaying = wasPlaying;
    this.pause();
    this.asking.ask(question);
    say(this.telling.status, question.text);
    this.tellTime(this.t);
  }

  answered(question, answer) {
    this.answers = { ...this.answers, [question.id]: answer };
    this.answeredAt = momentOf(this.clock, question);
    this.onAnswer(this.answers);
    this.ringsOfAnswers();
    this.shownMoment = undefined;
    this.show();
    this.main.focus({ preventScroll: true });
    this.goOn();
  }

  /** After an answer: who played plays on, who stepped stays at the event that was asked about. */
  goOn() {
    const next = nextQuestion(this.story, this.clock, this.x, this.answers);
    if (next && next.x <= this.x) this.ask(next.question, this.wasPlaying);
    else if (this.wasPlaying) this.start();
    else if (this.isQuiet) this.go(arrivedAt(this.clock, this.moment));
    else this.start(arrivedAt(this.clock, this.moment));
  }

  ringsOfAnswers() {
    for (const lanes of this.lanes) lanes.rings.replaceChildren();
    for (const question of this.story.facts.questions) {
      const answer = this.answers[question.id];
      if (question.choices || typeof answer !== "number") continue;
      for (const lanes of this.lanes) lanes.answer(question.message, (question.from_s ?? 0) + answer);
    }
  }

  /** Answers from elsewhere, such as another view of the same player. */
  know(answers) {
    this.answers = { ...answers };
    this.ringsOfAnswers();
    const { question } = this.asking;
    if (question && question.id in answers) {
      this.asking.settle(answers[question.id]);
      this.answeredAt = momentOf(this.clock, question);
      this.shownMoment = undefined;
      this.show();
    }
  }

  /** A sentence for when nobody listens any more. */
  alone(text) {
    if (!this.body.querySelector(".alone")) this.body.append(h("p", { class: "alone" }, text));
  }

  end() {
    this.pause();
    this.observer.disconnect();
    this.sight.end();
    this.root.replaceChildren();
  }
}
