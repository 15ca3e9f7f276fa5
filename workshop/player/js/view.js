// What is seen of a story: the sentence, pictures, timelines and evidence, drawn for a width.

import { Below } from "./below.js";
import { arrivedAt, momentAt } from "./clock.js";
import { h, say } from "./elements.js";
import { evidence } from "./evidence.js";
import { Lanes } from "./lanes.js";
import { Picture, tallSize, wideSize } from "./picture.js";
import { mostTelling, seenAfter } from "./seen.js";
import { about, lastAbout } from "./steps.js";
import { Telling } from "./telling.js";

// How much of a window the sentence may take while the picture is scrolled beside it.
const MOST_SAID = 0.3;

export class View {
  /** `box`: where questions stand, above the evidence; `onOpen` hears what somebody opens. */
  constructor(story, clock, { isQuiet, box, onOpen }) {
    this.story = story;
    this.clock = clock;
    this.isQuiet = isQuiet;
    this.onOpen = onOpen;
    this.followed = null;
    this.width = 0;
    this.telling = new Telling(story, isQuiet);
    this.head = this.telling.head;
    this.runs = h("div", { class: "runs" });
    this.below = new Below(box);
  }

  /** What is to be seen while somebody plays: the `picture` that is followed, all `runs`, the `head`. */
  parts() {
    const run = this.followed === null ? 0 : this.story.messages[this.followed].run;
    return { picture: this.pictures[run].svg, runs: this.runs, head: this.head };
  }

  /** Draw for a width; whether it is another one. */
  fit(width) {
    if (!width || Math.abs(width - this.width) < 2) return false;
    this.width = width;
    this.draw();
    return true;
  }

  /** What happened is read beside the picture, where that leaves it room. */
  stick() {
    const sticks = this.head.offsetHeight < MOST_SAID * innerHeight;
    this.head.classList.toggle("sticks", sticks);
    this.below.standBehind(sticks ? this.head.offsetHeight : 0);
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
    this.lanes = runs.map((run, number) => new Lanes(this.story, this.clock, run, number, room, this.onOpen));
    this.runs.replaceChildren(...runs.map((run, number) => h("div", { class: "run" },
      run.title ? h("p", { class: "title" }, run.title) : null, this.pictures[number].svg, this.lanes[number].svg,
      this.lanes[number].rest ? h("p", { class: "soft" }, `and ${this.lanes[number].rest} more messages, which the counters count`) : null)));
    this.shown = null;
  }

  /** Draw by another clock. */
  setClock(clock) {
    this.clock = clock;
    this.draw();
  }

  /** One message alone, or with null all of them. */
  follow(message) {
    this.followed = message;
    this.shown = this.unfolded = null;
  }

  /** Show a place of the replay; what a question that `isAsked` there is about must not be seen beside it. */
  show(x, isAsked) {
    const moment = momentAt(this.clock, x);
    if (x > 0 || isAsked) this.below.begin();
    if (this.shown?.moment !== moment || this.shown.isAsked !== isAsked) {
      this.shown = { moment, isAsked };
      const seen = seenAfter(this.story, isAsked ? moment - 1 : moment);
      for (const picture of this.pictures) picture.arrive(seen, this.followed);
      this.telling.moment(moment, this.followed);
      this.unfold(lastAbout(this.story, moment, this.followed));
    }
    const gap = moment < 0 ? 1 : arrivedAt(this.clock, moment) - this.clock.x[moment];
    const isThere = this.isQuiet || isAsked || moment < 0 || gap < 0.05;
    const share = isThere ? 1 : Math.min((x - this.clock.x[moment]) / gap, 1);
    for (const picture of this.pictures) picture.move(share);
    for (const lanes of this.lanes) lanes.move(x, moment, this.followed);
  }
  /** Say the time, and return what was said. */
  tellTime(t, isAsking) {
    return this.telling.at(t, isAsking);
  }

  /** Say something else than what happened, until the next showing. */
  say(text) {
    say(this.telling.status, text);
    this.shown = null;
  }

  /** At an attempt its log lines, at an arrival the parcel. */
  unfold(moment) {
    if (moment === this.unfolded) return;
    this.unfolded = moment;
    const step = moment < 0 ? null : mostTelling(about(this.story.moments[moment].steps, this.followed));
    this.below.tell(step ? evidence(this.story, { step }, moment)
      : [h("p", { class: "soft" }, "Log lines and records appear here as they come. "
        + "Choose a mark of the timeline to see what is behind it.")]);
  }

  /** What is behind a mark, as far as it is known at a moment. */
  open(what, moment) {
    this.below.open(evidence(this.story, what, moment));
  }

  /** A ring at each time that somebody said. */
  ring(answers) {
    for (const lanes of this.lanes) lanes.rings.replaceChildren();
    for (const question of this.story.facts.questions) {
      const answer = answers[question.id];
      if (question.choices || typeof answer !== "number") continue;
      for (const lanes of this.lanes) lanes.answer(question.message, (question.from_s ?? 0) + answer);
    }
  }
}
