// The player: controls, time that passes, questions; and where it plays.

import { clockOf, lastUpTo, placeOf, timeAt } from "./clock.js";
import { h, say } from "./elements.js";
import { evidence } from "./evidence.js";
import { Lanes } from "./lanes.js";
import { Picture } from "./picture.js";
import { judged, mostTelling, nextQuestion, seenAfter, waitsAfter } from "./seen.js";
import { about, listed, read, sentence, spoken } from "./steps.js";

const TRAVEL_S = 0.7;
const SPEEDS = [0.5, 1, 2, 4, 10, 60];
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
    this.observer = new ResizeObserver(([entry]) => this.fit(entry.contentRect.width));
    this.observer.observe(this.body);
    this.fit(this.body.clientWidth || 800);
  }

  // -- what it is made of --

  build() {
    const { facts, messages } = this.story;
    const isMany = messages.length > 1;
    this.status = h("p", { class: "status", role: "status", "aria-live": "polite" });
    this.time = h("p", { class: "time" });
    this.waits = h("ul", { class: "waits-now" });
    this.question = h("div", { class: "question" });
    this.evidence = h("div", { class: "evidence", role: "region", "aria-label": "Evidence" });
    this.runs = h("div", { class: `runs${facts.runs.length > 1 ? " several" : ""}` });
    this.main = button("▶ Play", "Play or pause (space)", () => this.toggle(), "main");
    this.range = h("input", { type: "range", min: 0, step: 0.01, value: 0, "aria-label": "Time",
      oninput: () => { this.pause(); this.go(Number(this.range.value)); } });
    const speed = h("select", { "aria-label": "Speed", onchange: () => { this.speed = Number(speed.value); } },
      ...SPEEDS.map((one) => h("option", { value: one, selected: one === 1 }, `${one}×`)));
    const proportions = h("input", { type: "checkbox", onchange: () => this.proportions(proportions.checked) });
    const follow = h("select", { "aria-label": "Follow", onchange: () => this.follow(follow.value) },
      h("option", { value: "" }, `all ${messages.length} messages`),
      ...messages.slice(0, 200).map((message) => h("option", { value: message.index },
        message.name)));
    this.controls = h("div", { class: "controls", role: "toolbar", "aria-label": "Replay" },
      button("‹ Back", "Back to the previous event (left arrow)", () => this.step(-1)), this.main,
      button("Next ›", "Next event (right arrow)", () => this.step(1)), this.range,
      h("label", {}, "speed ", speed),
      h("label", {}, proportions, " real proportions"),
      isMany && h("label", {}, "follow ", follow));
    this.body = h("section", { class: "player-body", "aria-label": "Player: watch what happened",
      // JupyterLab's own keys do not act within it.
      "data-lm-suppress-shortcuts": "true", onkeydown: (event) => this.key(event) },
    h("div", { class: "head" }, this.status, h("div", { class: "now" }, this.time, this.waits)),
    this.controls, this.question, this.runs, this.evidence);
    this.root.classList.add("workshop-player");
    this.root.replaceChildren(this.body);
    this.root.hidden = false;
    say(this.status, this.invitation());
  }

  invitation() {
    const { messages } = this.story;
    const who = messages.length === 1 ? messages[0].name : `${messages.length} messages`;
    const how = this.isQuiet ? "Press Next event" : "Press Play";
    return `${how} and watch what happened to ${who}, in ${spoken(this.clock.times.at(-1))} of AWS's time.`;
  }

  /** Draw for a width. */
  fit(width) {
    if (!width || Math.abs(width - (this.width ?? 0)) < 2) return;
    this.width = width;
    this.draw();
  }

  draw() {
    const { runs } = this.story.facts;
    const columns = runs.length > 1 && this.width > 700 ? 2 : 1;
    const room = this.width / columns - (columns > 1 ? 16 : 0) - 2;
    const isTall = room < 560;
    this.runs.style.setProperty("--columns", columns);
    this.pictures = runs.map((run, number) => new Picture(run, number, isTall));
    this.lanes = runs.map((run, number) =>
      new Lanes(this.story, this.clock, run, number, room, (what) => this.open(what)));
    this.runs.replaceChildren(...runs.map((run, number) => h("div", { class: "run" },
      run.title ? h("h4", {}, run.title) : null, this.pictures[number].svg, this.lanes[number].svg,
      this.lanes[number].rest ? h("p", { class: "soft" }, `and ${this.lanes[number].rest} more messages, which the counters count`) : null)));
    this.range.max = this.clock.end;
    this.shownMoment = undefined;
    this.show();
    this.ringsOfAnswers();
  }

  // -- time --

  get moment() {
    return lastUpTo(this.clock.x, this.x);
  }

  /** Where the way of the messages of a moment is at its end. */
  arrivedAt(i) {
    const gap = (this.clock.x[i + 1] ?? this.clock.end) - this.clock.x[i];
    return this.clock.x[i] + Math.min(TRAVEL_S, 0.85 * gap);
  }

  go(x) {
    this.x = Math.min(Math.max(x, 0), this.clock.end);
    this.show();
  }

  show() {
    const moment = this.moment;
    const t = timeAt(this.clock, Math.max(this.x, this.clock.x[0]));
    if (moment !== this.shownMoment) {
      this.shownMoment = moment;
      const seen = seenAfter(this.story, moment);
      this.waiting = waitsAfter(this.story, moment, this.followed);
      for (const picture of this.pictures) picture.arrive(seen, this.followed);
      this.tell(moment, t);
      this.onFirst(seen);
    }
    const gap = moment < 0 ? 1 : this.arrivedAt(moment) - this.clock.x[moment];
    const share = this.isQuiet || moment < 0 || gap < 0.05 ? 1 : Math.min((this.x - this.clock.x[moment]) / gap, 1);
    for (const picture of this.pictures) picture.move(share);
    for (const lanes of this.lanes) lanes.move(this.x, moment, this.followed);
    this.range.value = this.x;
    this.tellTime(t);
  }

  tellTime(t) {
    const [first, ...others] = this.story.facts.runs;
    const clock = new Date(first.start_ms + t * 1000).toISOString().slice(11, 19);
    const text = `${others.length ? "" : `AWS's clock ${clock} UTC, `}+${spoken(t)}`;
    say(this.time, text);
    if (this.range.told !== text) {
      this.range.told = text;
      this.range.setAttribute("aria-valuetext", text);
    }
    this.tellWaits(t);
  }

  tellWaits(t) {
    const isAsking = this.asked !== undefined;
    const rows = isAsking ? [] : this.waiting.filter(({ wait }) => t < wait.end_s).slice(0, 3);
    while (this.waits.children.length > rows.length) this.waits.lastChild.remove();
    rows.forEach(({ names, wait }, i) => {
      const left = wait.end_s - Math.max(t, wait.start_s);
      const row = this.waits.children[i] ?? this.waits.appendChild(h("li", {}, h("span"), h("i")));
      say(row.firstChild, `${listed(names)}: ${wait.told}, ${spoken(left)} left`);
      row.lastChild.style.setProperty("--left", `${(100 * left / (wait.end_s - wait.start_s)).toFixed(1)}%`);
    });
  }

  /** Say what a moment brought; a question about it keeps what comes next to itself. */
  tell(moment) {
    if (moment < 0) {
      say(this.status, this.invitation());
      return;
    }
    const steps = about(this.story.moments[moment].steps, this.followed);
    if (!steps.length) return;
    say(this.status, sentence(steps));
  }

  /** At an attempt its log lines, at an arrival the parcel. */
  onFirst({ moment }) {
    const steps = moment < 0 ? [] : about(this.story.moments[moment].steps, this.followed);
    const step = mostTelling(steps);
    if (!step && moment >= 0) return;
    this.evidence.replaceChildren(...(step ? evidence(this.story, { step })
      : [h("p", { class: "soft" }, "Log lines and records appear here as they come. "
        + "Click a mark of the timeline, or press Enter on it, to open what is behind it.")]));
  }

  open(what) {
    this.pause();
    this.evidence.replaceChildren(...evidence(this.story, what));
    this.evidence.scrollIntoView({ block: "nearest" });
  }

  // -- what the reader does --

  toggle() {
    if (this.isQuiet) this.step(1);
    else if (this.frame) this.pause();
    else this.start();
  }

  start(until = null) {
    if (this.asked !== undefined) return;
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
    if (until === null) this.label("❚❚ Pause");
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.label(this.x >= this.clock.end - 0.01 ? "↻ Again" : "▶ Play");
  }

  label(text) {
    say(this.main, this.isQuiet ? "▶ Next" : text);
  }

  step(direction) {
    this.pause();
    if (this.asked !== undefined) return;
    const here = this.moment;
    const moments = this.story.moments.map((_, i) => i)
      .filter((i) => about(this.story.moments[i].steps, this.followed).length);
    const next = direction > 0 ? moments.find((i) => i > here && this.clock.x[i] > this.x)
      : moments.findLast((i) => i < here);
    if (direction > 0) {
      const question = nextQuestion(this.story, this.clock, this.x, this.answers);
      const seenUntil = next === undefined ? Infinity : this.clock.x[next];
      // Who sees jumps alone would jump over a question that stands just after a moment.
      if (question && question.x < seenUntil + (this.isQuiet ? TRAVEL_S : 0)) {
        this.go(question.x);
        this.ask(question.question);
        return;
      }
    }
    if (next === undefined) {
      this.go(direction > 0 ? this.clock.end : 0);
      this.label(direction > 0 ? "↻ Again" : "▶ Play");
    } else if (direction > 0 && !this.isQuiet) {
      this.go(this.clock.x[next]);
      this.start(this.arrivedAt(next));
    } else {
      this.go(this.arrivedAt(next));
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
    else return;
    event.preventDefault();
  }

  follow(value) {
    this.followed = value === "" ? null : Number(value);
    this.shownMoment = undefined;
    this.show();
  }

  proportions(isProportional) {
    this.pause();
    const t = timeAt(this.clock, this.x);
    const isBefore = this.moment < 0;
    this.clock = clockOf(this.story, isProportional);
    this.x = isBefore ? 0 : placeOf(this.clock, t);
    this.draw();
  }

  // -- questions --

  ask(question) {
    this.pause();
    this.asked = question;
    this.tellWaits(0);
    const name = `answer-${Math.random().toString(36).slice(2)}`;
    const inputs = question.choices
      ? question.choices.map((choice, i) => h("label", {}, h("input", { type: "radio", name, value: i }), ` ${choice.text}`))
      : [h("label", {}, h("input", { type: "number", step: "any", name, "aria-label": question.text }), ` ${question.unit ?? ""}`)];
    const form = h("form", { onsubmit: (event) => {
      event.preventDefault();
      const value = new FormData(form).get(name);
      if (value !== null && value !== "") this.answered(question, Number(value));
    } }, h("fieldset", {}, h("legend", {}, question.text), ...inputs,
      h("button", { type: "submit" }, "Answer"),
      button("Show me", "Go on without an answer", () => this.answered(question, null))));
    // What was said to the answer before stays to be read.
    const said = this.question.querySelector(".verdict");
    this.question.replaceChildren(...(said ? [said, form] : [form]));
    say(this.status, question.text);
    form.querySelector("input").focus({ preventScroll: true });
  }

  answered(question, answer) {
    this.asked = undefined;
    this.answers = { ...this.answers, [question.id]: answer };
    this.onAnswer(this.answers);
    this.verdict(question, answer);
    this.ringsOfAnswers();
    this.tell(this.moment);
    this.body.querySelector(".main").focus({ preventScroll: true });
    if (!this.isQuiet) this.start();
  }

  verdict(question, answer) {
    if (answer === null) {
      this.question.replaceChildren();
      return;
    }
    const { isRight, told } = judged(question, answer);
    const said = question.choices ? question.choices[answer].text : `${answer} ${question.unit ?? ""}`;
    this.question.replaceChildren(h("p", { class: "verdict", role: "status" },
      h("strong", {}, isRight ? "✓ Right. " : "✗ Not quite. "), `You said: ${said}. ${told ?? ""}`));
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
    if (this.asked !== undefined && this.asked.id in answers) {
      const question = this.asked;
      this.asked = undefined;
      this.verdict(question, answers[question.id]);
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
    this.root.replaceChildren();
  }
}

function button(text, label, onclick, name = "") {
  return h("button", { type: "button", title: label, "aria-label": label, class: name, onclick }, text);
}

// ---- Where it plays ----

/** In a page: every element that carries facts becomes a player. */
export function playAll(page) {
  return [...page.querySelectorAll("[data-player-facts]")].map((element) =>
    play(element, JSON.parse(element.getAttribute("data-player-facts"))));
}

/** In a notebook: anywidget calls this for each view of the widget. */
function render({ model, el }) {
  const element = el.appendChild(document.createElement("div"));
  let player = null;
  const begin = () => {
    player?.end();
    player = play(element, model.get("facts"), {
      answers: model.get("answers"),
      onAnswer: (answers) => {
        model.set("answers", answers);
        model.save_changes();
      },
    });
  };
  const know = () => player.know(model.get("answers"));
  const alone = () => player.alone("The kernel was restarted: this player still plays, and what you "
    + "answer stays here. Run the cell again to have it in a variable.");
  model.on("change:facts", begin);
  model.on("change:answers", know);
  model.on("comm_live_update", alone);
  begin();
  return () => {
    model.off("change:facts", begin);
    model.off("change:answers", know);
    model.off("comm_live_update", alone);
    player.end();
  };
}

export default { render };
