// The player: time that passes, and what the reader does about it.

import { Asking } from "./asking.js";
import { arrivedAt, clockOf, momentAt, samePlace, timeTold } from "./clock.js";
import { controls, nameButton, NEXT } from "./controls.js";
import { h, say } from "./elements.js";
import { steer } from "./keys.js";
import { momentOf, nextQuestion } from "./seen.js";
import { Sight } from "./sight.js";
import { about, lastAbout, read } from "./steps.js";
import { uncover } from "./uncover.js";
import { View } from "./view.js";

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
    this.speed = 1;
    this.x = 0;
    this.clock = clockOf(this.story);
    this.root = root;
    this.build();
    this.sight = new Sight(this.body, () => ({ ...this.view.parts(), dock: this.dock }), this.isQuiet);
    this.observer = new ResizeObserver(([entry]) => this.fit(entry.contentRect.width));
    this.observer.observe(this.body);
    this.fit(this.body.clientWidth || 800);
    this.label();
  }

  build() {
    this.asking = new Asking(this.story.facts.questions, (question, answer) => this.answered(question, answer));
    this.view = new View(this.story, this.clock,
      { isQuiet: this.isQuiet, box: this.asking.box, onOpen: (what) => this.open(what) });
    const { head, runs, below } = this.view;
    const { dock, settings, main, next, range } = controls(this);
    [this.dock, this.main, this.next, this.range] = [dock, main, next, range];
    runs.addEventListener("focusin", ({ target }) => uncover(target, head, dock));
    this.body = h("div", { class: "player-body", role: "group", "aria-label": "Player: watch what happened",
      // JupyterLab's own keys do not act within it.
      "data-lm-suppress-shortcuts": "true", onkeydown: (event) => steer(this, event) },
    head, runs, dock, settings, below.element);
    this.root.classList.add("workshop-player");
    this.root.replaceChildren(this.body);
    this.root.hidden = false;
  }

  /** Draw for a width. */
  fit(width) {
    if (!this.view.fit(width)) return;
    this.drawn();
    this.view.below.keepFree(this.asking.mostHeight());
    this.view.stick();
  }

  /** What was drawn anew shows what is known. */
  drawn() {
    this.range.max = this.clock.end;
    this.show();
    this.view.ring(this.answers);
  }

  get moment() {
    return momentAt(this.clock, this.x);
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
    const { moment } = this;
    this.view.show(this.x, this.isAskedAt(moment));
    if (moment < this.answeredAt) this.asking.forget();
    this.range.value = this.x;
    this.tellTime();
  }

  tellTime() {
    const told = this.view.tellTime(timeTold(this.clock, this.x), this.asking.question !== null);
    if (this.range.told === told) return;
    this.range.told = told;
    this.range.setAttribute("aria-valuetext", told);
  }

  open(what) {
    this.pause();
    this.view.open(what, this.moment);
  }

  toggle() {
    if (!this.frame) this.bring();
    if (this.waitsForAnswer()) return;
    if (this.isQuiet) this.isAtEnd ? this.first() : this.step(1);
    else if (this.frame) this.pause();
    else this.start();
  }

  /** Nothing goes on before a question is answered: who tries is told so, at the question. */
  waitsForAnswer() {
    if (!this.asking.question) return false;
    this.asking.remind();
    return true;
  }

  start(until = null) {
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
    const waits = this.asking.question !== null;
    nameButton(this.main, name, waits);
    if (this.next) nameButton(this.next, NEXT, waits);
  }

  /** Nothing is left to come; who sees jumps alone is there with the last event. */
  get isAtEnd() {
    const last = this.clock.x.length - 1;
    return this.x >= (this.isQuiet && !this.asking.question ? arrivedAt(this.clock, last) : this.clock.end) - 0.01;
  }

  /** What is played has its room, and is seen; a question that stands there has been brought into sight. */
  bring() {
    this.view.below.begin();
    if (!this.asking.question) this.sight.bring();
  }

  step(direction) {
    this.pause();
    this.bring();
    if (direction > 0 && this.waitsForAnswer()) return;
    this.leave();
    const here = lastAbout(this.story, this.moment, this.view.followed);
    const moments = this.story.moments.map((_, i) => i)
      .filter((i) => about(this.story.moments[i].steps, this.view.followed).length);
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

  /** Before the first event. */
  first() {
    this.pause();
    this.bring();
    this.leave();
    this.go(0);
  }

  /** Who goes back from a question looks again at what was before it, and is asked when they come by. */
  leave() {
    if (this.asking.withdraw()) this.main.focus({ preventScroll: true });
  }

  /** The last event; no further than a question that nobody has answered. */
  last() {
    this.pause();
    this.bring();
    if (this.waitsForAnswer()) return;
    const question = nextQuestion(this.story, this.clock, this.x, this.answers);
    this.go(question ? question.x : this.clock.end);
    if (question) this.ask(question.question);
  }

  follow(value) {
    this.view.follow(value === "" ? null : Number(value));
    this.show();
  }

  proportions(isProportional) {
    this.pause();
    const clock = clockOf(this.story, isProportional);
    this.x = samePlace(this.clock, clock, this.x);
    this.clock = clock;
    this.view.setClock(clock);
    this.drawn();
    this.label();
  }

  ask(question, wasPlaying = this.isPlaying) {
    this.wasPlaying = wasPlaying;
    this.pause();
    this.asking.ask(question);
    this.label();
    this.view.say(question.text);
    this.tellTime();
  }

  answered(question, answer) {
    this.answers = { ...this.answers, [question.id]: answer };
    this.answeredAt = momentOf(this.clock, question);
    this.onAnswer(this.answers);
    this.view.ring(this.answers);
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

  /** Answers from elsewhere, such as another view of the same player. */
  know(answers) {
    this.answers = { ...answers };
    this.view.ring(this.answers);
    const { question } = this.asking;
    if (question && question.id in answers) {
      this.asking.settle(answers[question.id]);
      this.label();
      this.answeredAt = momentOf(this.clock, question);
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
    this.view.below.end();
    this.root.replaceChildren();
  }
}
