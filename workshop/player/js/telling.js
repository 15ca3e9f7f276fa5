// What a player says: what happened, what time it is, who waits for what and how long still.

import { h, say } from "./elements.js";
import { waitsAfter } from "./seen.js";
import { about, lastAbout, sentence, spoken, together, waitsFor } from "./steps.js";

// What else waits, the counters count.
const MOST_WAITS = 3;
// Of so many moments it is looked up how much room their words need.
const MOST_MEASURED = 60;
const MOST_TRIED = 4;

export class Telling {
  constructor(story, isQuiet) {
    this.story = story;
    this.isQuiet = isQuiet;
    this.status = h("p", { class: "status", role: "status", "aria-live": "polite" });
    this.time = h("p", { class: "time" });
    this.list = h("ul", { class: "waits-now" });
    this.head = h("div", { class: "head" }, h("div", { class: "said" }, this.status, ...this.room()),
      h("div", { class: "now" }, this.time, h("div", { class: "said" }, this.list, ...this.roomOfWaits())));
    this.waiting = [];
  }

  /** Say what a moment brought; before the first one, what there is to see. */
  moment(number, followed) {
    this.waiting = waitsAfter(this.story, number, followed);
    const last = lastAbout(this.story, number, followed);
    if (last >= 0) say(this.status, sentence(about(this.story.moments[last].steps, followed)));
    else say(this.status, number < 0 ? this.invitation() : `${together([this.story.messages[followed]])}: not sent yet.`);
  }

  /** Unseen, in the place of what is said: as high as the longest of it, so that nothing jumps. */
  room() {
    const { facts } = this.story;
    const said = this.measured().map((number) => sentence(this.story.moments[number].steps));
    const all = [...said, this.invitation(), ...facts.questions.map((question) => question.text)];
    return longest(all).map((text) => h("p", { class: "status-room", "aria-hidden": "true" }, text));
  }

  roomOfWaits() {
    const waits = this.measured().map((number) => waitsAfter(this.story, number).slice(0, MOST_WAITS));
    const most = Math.max(...waits.map((rows) => rows.length));
    const told = longest(waits.flat().map(({ messages, wait }) => waitsFor(messages, wait, wait.length_s)));
    return told.map((text) => h("ul", { class: "waits-room", "aria-hidden": "true" },
      ...Array.from({ length: most }, () => h("li", {}, h("span", {}, text), h("i")))));
  }

  measured() {
    const { length } = this.story.moments;
    const step = Math.max(1, Math.ceil(length / MOST_MEASURED));
    return this.story.moments.map((_, i) => i).filter((i) => i % step === 0 || i === length - 1);
  }

  invitation() {
    const { messages, moments } = this.story;
    const who = messages.length === 1 ? messages[0].name : `${messages.length} messages`;
    const how = this.isQuiet ? "Press Next" : "Press Play";
    const took = moments.at(-1).t;
    const long = took < 1 ? "less than a second" : spoken(took);
    return `${how} and watch what happened to ${who}, in ${long} of AWS's time.`;
  }

  /** Say the time; who waits only where that gives no question's answer away. */
  at(t, isAsking) {
    const [first, ...others] = this.story.facts.runs;
    const clock = new Date(first.start_ms + t * 1000).toISOString().slice(11, 19);
    const text = `${others.length ? "" : `AWS's clock ${clock} UTC, `}+${spoken(t)}`;
    say(this.time, text);
    this.waits(isAsking ? [] : this.waiting.filter(({ wait }) => t < wait.end_s).slice(0, MOST_WAITS), t);
    return text;
  }

  waits(rows, t) {
    while (this.list.children.length > rows.length) this.list.lastChild.remove();
    rows.forEach(({ messages, wait }, i) => {
      const left = wait.end_s - Math.max(t, wait.start_s);
      const row = this.list.children[i] ?? this.list.appendChild(h("li", {}, h("span"), h("i")));
      say(row.firstChild, waitsFor(messages, wait, left));
      row.lastChild.style.setProperty("--left", `${(100 * left / (wait.end_s - wait.start_s)).toFixed(1)}%`);
    });
  }
}

/** The longest of some texts: more than one, since where their lines break decides how high they are. */
function longest(texts) {
  return [...new Set(texts)].sort((a, b) => b.length - a.length).slice(0, MOST_TRIED);
}
