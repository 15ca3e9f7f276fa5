// The timeline of a run, which grows as time goes on.

import { placeOf } from "./clock.js";
import { fitting, numbered, outline, s } from "./elements.js";
import { besideEachOther, endWords, laneName, BOLD_LETTER } from "./room.js";
import { spoken, wordFor } from "./steps.js";

const MOST_LANES = 40;
const PHONE = 560;
const SHAPES = { ok: "circle", running: "circle", timeout: "triangle", crash: "octagon" };
const LANE = 70;
const AXIS = 24;
const EDGE = 16;
// On a phone the last moments are near the edge: an end beside the last attempt still has room.
const PHONE_EDGE = 34;
// From the middle of an attempt to that of the sending before it, and what is above a lane: its name.
const SENT_BESIDE = 18;
const NAME = 18;
// Between two words of attempts the length of the wait stands, on the same height.
const BESIDE_LENGTH = 46;
// A wait that begins or ends so near to a mark does so at the mark.
const AT_ONCE_S = 0.25;
// Half as wide as "you said".
const SAID = 30;

/** The timeline of one run; it is drawn once, and uncovered as time goes on. */
export class Lanes {
  constructor(story, clock, run, number, width, open, lane = 0) {
    this.clock = clock;
    this.width = width;
    this.edge = width < PHONE ? PHONE_EDGE : EDGE;
    this.open = open;
    const own = story.messages.filter((message) => message.run === number);
    const shown = own.slice(0, MOST_LANES);
    this.lane = lane || (shown.length > 8 ? (width < PHONE ? 54 : 44) : LANE);
    this.own = own;
    this.run = story.facts.runs[number];
    const height = shown.length * this.lane + AXIS;
    this.marks = [];
    this.ticks = [];
    // What is written beside a wait is uncovered word by word.
    this.words = [];
    // Names that have less room than they need.
    this.narrowed = new Map();
    // What is written above the first line begins a little above the edge.
    this.cover = s("rect", { x: 0, y: -8, width: 0, height: height + 8 });
    const id = `uncovered-${Math.random().toString(36).slice(2)}`;
    const lines = s("g", { "clip-path": `url(#${id})` });
    const marks = s("g", {});
    this.rows = new Map(shown.map((message, row) =>
      [message.index, this.lane * (row + (this.lane > 60 ? 0.56 : 0.7))]));
    const bands = s("g", {}, ...this.batches(shown));
    shown.forEach((message) => this.of(message, this.rows.get(message.index), lines, marks));
    const names = shown.map((message, row) =>
      s("text", { x: 2, y: row * this.lane + 13, class: "name", ...this.narrowed.get(message.index) },
        this.nameOf(message.index)));
    // Beside the names, not through them.
    this.hand = s("path", { class: "hand",
      d: shown.map((_, row) => `M0 ${row * this.lane + NAME}V${(row + 1) * this.lane}`).join("") });
    this.rings = s("g", {});
    this.svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "lanes",
      role: "group", "aria-label": "Timeline: what has happened so far" },
    s("defs", {}, s("clipPath", { id }, this.cover)),
    // The hand is behind all words.
    bands, lines, this.hand, ...names, marks, this.axis(height), this.rings);
    this.rest = own.length - shown.length;
  }

  nameOf(index) {
    const row = this.own.findIndex((message) => message.index === index);
    return laneName(this.own[row].label, row + 1, this.own.length);
  }

  /** A band through the attempts that were one invocation. */
  batches(messages) {
    const together = new Map();
    for (const step of messages.flatMap((message) => message.all)) {
      const id = this.batchOf(step);
      if (!id) continue;
      const x = this.at(step.t, step.moment);
      const ys = together.get(id)?.ys ?? [];
      together.set(id, { x, ys: [...ys, this.rows.get(step.message.index)] });
    }
    return [...together.values()].filter(({ ys }) => ys.length > 1).map(({ x, ys }) => {
      const node = s("line", { x1: x, x2: x, y1: Math.min(...ys), y2: Math.max(...ys), class: "batch" });
      this.ticks.push({ node, x });
      return node;
    });
  }

  /** The request that received a message together with others. */
  batchOf({ kind, n, message }) {
    if (kind === "unseen") return message.unseen[n].request_id;
    const attempt = kind === "attempt" ? message.attempts[n] : null;
    return attempt?.batch_size > 1 ? this.run.invocations[attempt.invocation].request_id : "";
  }

  x(place) {
    return EDGE + (place / this.clock.end) * (this.width - EDGE - this.edge);
  }

  at(t, moment) {
    return this.x(moment === undefined ? placeOf(this.clock, t) : this.clock.x[moment]);
  }

  /** One lane: what lasts is uncovered bit by bit, a mark is there or not. */
  of(message, y, lines, marks) {
    const own = { class: "lane", "data-message": message.index };
    const xs = message.all.map((step) => this.at(step.t, step.moment));
    // An attempt may follow at once; the sending stays to be seen before it.
    if (message.all[0]?.kind === "sent" && xs.length > 1) {
      xs[0] = Math.min(xs[0], Math.max(xs[1] - SENT_BESIDE, 6));
    }
    // What a message of a run that goes on waits for is not over: its line goes on as well.
    const ends = message.waits.map((wait) => this.at(wait.end_s));
    const seen = message.all.map((step, i) => ({ step, x: xs[i], isEnd: ["arrived", "lost"].includes(step.kind) }))
      .filter(({ step }) => !["ended", "visible", "passed"].includes(step.kind));
    const drawn = besideEachOther(seen);
    const line = s("g", own, s("line", { x1: xs[0], x2: Math.max(...xs, ...drawn, ...ends), y1: y, y2: y }),
      ...message.waits.map((wait) => this.wait(message, wait, y)),
      ...message.all.map((step, i) => this.bar(message, step, xs[i], y)));
    lines.append(line);
    marks.append(s("g", own, ...seen.map(({ step, x }, i) => {
      const room = Math.min(x - (i > 1 ? drawn[i - 1] : -99), (drawn[i + 1] ?? this.width + 40) - x);
      return this.mark(message, step, x, y, room, drawn[i]);
    })));
  }

  /** As long as an attempt took, where that is to be seen. */
  bar(message, step, x, y) {
    if (step.kind !== "ended") return null;
    const begin = message.all.find((one) => one.kind === "attempt" && one.n === step.n);
    const x0 = this.at(begin.t, begin.moment);
    const took = step.t - begin.t;
    if (took < 0.5) return null;
    const { outcome: ended } = message.attempts[step.n];
    // Beside an attempt that still ran, below it.
    const beside = message.attempts.slice(0, step.n).filter((one) => one.end_s > begin.t).length;
    return s("rect", { x: x0, y: y - 5 + 9 * beside, width: x - x0, height: 10, class: `bar ${ended.replaceAll(" ", "-")}` });
  }

  wait(message, wait, y) {
    const steps = message.all;
    const begin = steps.findLast((step) => step.t <= wait.start_s + 0.001);
    const next = steps.find((step) => step.t >= wait.end_s - 0.001 && step.moment > (begin?.moment ?? -1));
    // What it waits for may befall another one: then its own marks are elsewhere.
    const [x0, x1] = [[wait.start_s, begin], [wait.end_s, next]].map(([t, step]) =>
      this.at(t, step && Math.abs(step.t - t) < AT_ONCE_S ? step.moment : undefined));
    const middle = (x0 + x1) / 2;
    const isBroken = this.clock.breaks.some((one) =>
      one.x0 < placeOf(this.clock, wait.end_s) && one.x1 > placeOf(this.clock, wait.start_s));
    // A cause that ends with its length has it below the line; any other is told as it is.
    const isNamed = wait.cause.endsWith(wait.length);
    const cause = isNamed ? wait.cause.slice(0, -wait.length.length).trim() : wait.cause;
    const length = isNamed ? wait.length : spoken(wait.end_s - wait.start_s);
    const room = x1 - x0 - 34;
    // It is told a little later than it begins: a question may stand there.
    return this.button("wait", `${message.name}: ${wait.cause}`, x0 + Math.min(10, (x1 - x0) / 2), { message, wait },
      s("line", { x1: x0, x2: x1, y1: y, y2: y, class: "waits" }),
      s("rect", { x: x0, y: y - 12, width: Math.max(x1 - x0, 1), height: 24, class: "hit" }),
      isBroken ? s("path", { class: "break", d: `M${middle - 5} ${y + 7}l4 -14M${middle + 1} ${y + 7}l4 -14` }) : null,
      this.lane > 60 && room > 6.2 * cause.length
        ? this.word(middle, y - 11, "soft cause", cause, 3.1) : null,
      room > 4 * length.length
        ? this.word(middle, y + (this.lane > 60 ? 20 : -10), "length", length, 4) : null);
  }

  /** Words around a middle: half of one of their letters is so wide. */
  word(middle, y, name, text, half) {
    const node = s("text", { x: middle, y, "text-anchor": "middle", class: `${name} later` }, text);
    this.words.push({ node, x: middle + half * text.length, isLater: true });
    return node;
  }

  /** A mark that comes when the hand is at `x`, and is drawn there or a little aside. */
  mark(message, step, x, y, room, drawnX) {
    const place = `translate(${drawnX} ${y})`;
    if (step.kind === "sent" || step.kind === "redriven") {
      const told = step.kind === "sent" ? "sent" : "moved back to be tried again";
      return this.button("sent", `${message.name}: ${told}`, x, { step }, s("g", { transform: place }, outline("circle", 5)));
    }
    if (step.kind === "attempt") {
      const { number, outcome: ended } = message.attempts[step.n];
      const word = wordFor(ended);
      // Until it has ended it looks like no end of them, and says of none.
      const end = message.all.find((one) => one.kind === "ended" && one.n === step.n);
      const node = this.button(`attempt ${ended.replaceAll(" ", "-")}`,
        `${message.name}: attempt ${number}, ${word}`, x, { step },
        s("g", { transform: place },
          ...numbered(SHAPES[ended] ?? "square", 10, number, { y: 4, class: "number" }),
          this.lane > 60 && room > 7.4 * word.length + BESIDE_LENGTH
            ? s("text", { y: 25, "text-anchor": "middle", class: "word" }, word) : null));
      Object.assign(this.marks.at(-1), {
        end: end ? end.moment : -1, label: `${message.name}: attempt ${number}`, word,
      });
      return node;
    }
    if (step.kind === "unseen") {
      const isPassed = message.unseen[step.n].batch_size > 0;
      const isOver = message.all.some((one) => one.kind === "passed" && one.n === step.n);
      const how = isPassed ? "in a batch, not tried" : "without a log line";
      return this.button("unseen", `${message.name}: received ${how}`, x, { step },
        s("g", { transform: place }, outline("square", 9),
          s("text", { y: 4, "text-anchor": "middle" }, isPassed ? (isOver ? "-" : "") : "?")));
    }
    const whole = step.kind === "lost" ? "lost" : step.place;
    const isSuccess = message.arrivals[step.n]?.is_success;
    const isFollowed = message.all.some((one) => one.kind === "attempt" && one.order > step.order);
    const { text, isAbove, nameRoom } = endWords(whole,
      { x: drawnX, width: this.width, name: this.nameOf(message.index), isFollowed });
    const isMovedOn = message.all.some((one) => one.kind === "redriven" && one.order > step.order);
    if (nameRoom && !isMovedOn) this.narrowed.set(message.index, fitting(this.nameOf(message.index), nameRoom, BOLD_LETTER));
    return this.button(isSuccess ? "arrived success" : "arrived", `${message.name}: ${whole}`, x, { step },
      s("g", { transform: place }, outline("diamond", 8),
        isMovedOn ? null : s("text", { x: isAbove ? this.width - drawnX - 2 : 14, y: isAbove ? 13 - (y % this.lane) : 4,
          "text-anchor": isAbove ? "end" : "start", class: isFollowed ? "end followed" : "end" }, text)));
  }

  button(name, label, x, what, ...children) {
    const node = s("g", { class: `mark ${name}`, role: "button", "aria-label": label, tabindex: -1,
      onclick: () => this.open(what),
      onkeydown: (event) => {
        if (event.key === "Enter") { event.preventDefault(); this.open(what); }
      } }, ...children);
    this.marks.push({ node, x, message: (what.message ?? what.step.message).index });
    return node;
  }

  axis(height) {
    const group = s("g", { class: "axis", "aria-hidden": "true" });
    let [last, before] = [-99, ""];
    this.clock.times.forEach((t, i) => {
      const x = this.x(this.clock.x[i]);
      const text = `+${spoken(t)}`;
      if (text === before || x - last < 12 + 7 * text.length) return;
      // The first one begins at its place, the others have it in their middle.
      [last, before] = [i ? x : x + 3.5 * text.length, text];
      const node = s("text", { x, y: height - 6, "text-anchor": i ? "middle" : "start" }, text);
      this.ticks.push({ node, x });
      group.append(node);
    });
    return group;
  }

  /** The hand shows a place of the replay. */
  point(place) {
    this.hand.setAttribute("transform", `translate(${this.x(place).toFixed(1)} 0)`);
    // Before anything is played no time has passed.
    this.hand.setAttribute("visibility", place > 0 ? "visible" : "hidden");
  }

  /** Uncover the lanes up to a place of the replay; what is covered cannot be reached either. */
  move(place, moment, followed) {
    const x = this.x(place);
    // Before anything is played nothing is there, not even the beginning of a line.
    this.cover.setAttribute("width", place > 0 ? x.toFixed(1) : 0);
    this.point(place);
    for (const word of this.words) {
      if (word.isLater === word.x > x) continue;
      word.isLater = word.x > x;
      word.node.classList.toggle("later", word.isLater);
    }
    const key = `${moment} ${followed}`;
    if (this.key === key) return;
    this.key = key;
    const reached = place > 0 ? x + 0.5 : -1;
    for (const mark of this.marks) {
      const isOpen = mark.x <= reached && (followed === null || mark.message === followed);
      const runs = mark.end > moment;
      const look = `${isOpen} ${mark.x > reached} ${runs}`;
      if (mark.look === look) continue;
      mark.look = look;
      if (mark.word) mark.node.setAttribute("aria-label", `${mark.label}, ${runs ? wordFor("running") : mark.word}`);
      mark.node.classList.toggle("runs", runs);
      mark.node.setAttribute("tabindex", isOpen ? 0 : -1);
      mark.node.setAttribute("aria-hidden", String(!isOpen));
      mark.node.classList.toggle("later", mark.x > reached);
    }
    for (const { node, x: tick } of this.ticks) node.classList.toggle("later", tick > reached);
    for (const lane of this.svg.querySelectorAll(".lane")) {
      const isOther = followed !== null && Number(lane.dataset.message) !== followed;
      lane.classList.toggle("dimmed", isOther);
    }
  }

  /** Rings where the reader said that something would happen. */
  answer(message, t) {
    const y = this.rows.get(message);
    if (y === undefined || t < 0) return;
    const x = this.at(t);
    // Beside the lane's name there is room below the line only.
    const isBelow = x - SAID < 7.9 * this.nameOf(message).length;
    this.rings.append(s("circle", { cx: x, cy: y, r: 14, class: "said" }),
      s("text", { x: Math.min(x, this.width - SAID), y: isBelow ? y + 28 : y - 17,
        "text-anchor": "middle", class: "said" }, "you said"));
  }
}
