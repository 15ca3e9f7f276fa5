// What the audience sees of a run: its pictures, and the timelines below them.

import { placeOf } from "../../player/js/clock.js";
import { h, s, say } from "../../player/js/elements.js";
import { Lanes } from "../../player/js/lanes.js";
import { Picture } from "../../player/js/picture.js";
import { seenAfter, waitsAfter } from "../../player/js/seen.js";
import { read, spoken } from "../../player/js/steps.js";
import { tellOthers } from "./others.js";
import { scaleOf } from "./scale.js";

// A screen is 1920 by 1080 units. Cards are drawn 1.58 times, lanes twice as large: their letters
// of 15.5 and 12 then are 24 units high. By `letter` the longest name has one line: below it stands
// what else lies there.
const DRAWN = { card: 1.58, lane: 2 };
const ONE = { width: 208, height: 84, gapX: 36, gapY: 44, token: 11, told: 46, hidden: 46, letter: 9.5, uncounted: "function" };
const STRIP = { ...ONE, width: 182, height: 56, gapX: 32, told: 0, hidden: 0, isStrip: true };
// `end`: beside the last mark stands where the message lies.
const FIELD = { width: 1864, height: 778, title: 196, axis: 24, end: 104, above: 5, edge: 16 };
const MOST_LANES_ON_STAGE = 6;
const LETTER = 7.6;
// From the middle of a mark to what stands beside it.
const BESIDE_MARK = 18;
const TRAVEL_MS = 700;
// An attempt that took less has no bar.
const SHORT_S = 0.5;

export class Scenery {
  constructor(root, isQuiet) {
    this.root = root;
    this.isQuiet = isQuiet;
    this.form = "";
    this.lanes = [];
  }

  clear() {
    this.form = "";
    this.story = null;
    this.lanes = [];
    this.root.replaceChildren();
  }

  /** Show facts up to their last moment; a sentence and the waits of that moment come back. */
  show(facts, isNew) {
    const isStrips = facts.runs.length > 1;
    const runs = facts.runs.map((run) => (isStrips ? withoutSender(run) : run));
    this.story = read({ ...facts, runs });
    if (isStrips) shorten(this.story);
    const last = this.story.moments.length - 1;
    this.waits = waitsAfter(this.story, last);
    const seen = seenAfter(this.story, last);
    const form = JSON.stringify(runs.map((run) => [run.title, run.places.map(({ id, told }) => [id, told]), run.arrows]));
    if (form !== this.form) {
      this.form = form;
      this.pictures = runs.map((run, number) => new Picture(run, number, false, isStrips ? STRIP : ONE));
    }
    this.draw(runs, isStrips, seen, last, isNew);
    // Several paths have much to tell at once: what the errors are called, the lessons tell.
    return isStrips ? seen.sentence.replaceAll(/ \((\w+Error|function error, ErrorCode \d+)\)/g, "") : seen.sentence;
  }

  draw(runs, isStrips, seen, last, isNew) {
    const boxes = this.pictures.map((picture) => picture.svg.getAttribute("viewBox").split(" ").map(Number));
    const room = FIELD.width - (isStrips ? FIELD.title : 0);
    const long = room / DRAWN.lane - FIELD.end;
    this.lanes = [];
    const drawn = boxes.map(([, , width]) => Math.min(DRAWN.card, room / width));
    const pictures = boxes.reduce((sum, [, , , height], i) => sum + height * drawn[i], 0);
    const rows = runs.reduce((sum, run) => sum + Math.min(Math.max(run.messages.length, 1), MOST_LANES_ON_STAGE), 0);
    const laneOf = (more) => ((FIELD.height - pictures) / DRAWN.lane - FIELD.axis - more * runs.length) / rows;
    // Where there is no room above a line, its words stand in it, and the strip's title is its name.
    const isCramped = laneOf(FIELD.above) < 28;
    const lane = Math.min(laneOf(isCramped ? 3 : FIELD.above), 72);
    for (const message of this.story.messages) if (isCramped) message.label = "";
    // In a low line a name stands beside the mark, and not above it.
    const isLow = lane < 40 && !isCramped;
    const name = Math.max(...this.story.messages.map(({ label, all }) => LETTER * (label.length + 2) + (all[0]?.kind === "sent" ? 0 : BESIDE_MARK)));
    this.clock = scaleOf(this.story, long - 2 * FIELD.edge, isLow ? name : undefined);
    this.root.replaceChildren(...runs.map((run, number) => {
      const picture = this.pictures[number];
      picture.know(run, number);
      picture.svg.style.width = `calc(${boxes[number][2] * drawn[number]} * var(--u))`;
      picture.svg.style.maxWidth = "none";
      const lanes = new Lanes(this.story, this.clock, run, number, long, () => {}, lane);
      // All that is in the facts has happened, or its end is known.
      lanes.move(this.clock.end, last, null);
      const isLast = number === runs.length - 1;
      broken(lanes, this.clock);
      ended(lanes);
      if (isLow) besideMarks(lanes);
      fitted(lanes.svg, isLast, room, isCramped ? lane : 0);
      // Where no name stands on a line, AWS's time is all of its height.
      if (isCramped) lanes.hand.setAttribute("d", `M0 2V${lane * lanes.rows.size}`);
      this.lanes.push(lanes);
      return h("div", { class: isStrips ? "strip" : "whole" },
        isStrips ? h("h2", {}, run.title) : null,
        h("div", {}, picture.svg, run.messages.length ? lanes.svg : null));
    }));
    for (const picture of this.pictures) {
      picture.arrive(standing(seen, isStrips, picture), null);
      tellOthers(picture, runs[picture.number].others ?? {});
    }
    this.travel(isNew && !this.isQuiet);
  }

  /** The hand of the timelines shows a time of AWS. */
  tell(t) {
    for (const lanes of this.lanes) lanes.point(Math.min(placeOf(this.clock, t), this.clock.end));
  }

  /** The messages of this moment go to where they are now. */
  travel(isMoving) {
    cancelAnimationFrame(this.frame);
    const begin = performance.now();
    const step = (now) => {
      const share = isMoving ? Math.min(Math.max(now - begin, 0) / TRAVEL_MS, 1) : 1;
      for (const picture of this.pictures) picture.move(share);
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    step(begin);
  }
}

/** In a low line a name begins after a mark that is larger than that of a sending. */
function besideMarks(lanes) {
  lanes.svg.querySelectorAll(":scope > .name").forEach((name, row) => {
    if (lanes.own[row].all[0]?.kind !== "sent") name.setAttribute("x", FIELD.edge + BESIDE_MARK);
  });
}

/** A line goes as far as its message has something to show: an end at once is told by its mark. */
function ended(lanes) {
  for (const { index, all, attempts, waits } of lanes.own) {
    const line = lanes.svg.querySelector(`.lane[data-message="${index}"] > line`);
    const isShown = ({ kind, n, t }) => kind !== "ended" || t - attempts[n].start_s >= SHORT_S;
    const places = [...all.filter(isShown).map(({ t, moment }) => lanes.at(t, moment)), ...waits.map((wait) => lanes.at(wait.end_s))];
    line?.setAttribute("x2", Math.max(...places));
  }
}

/** Where time was cut: as large as a mark, on every line; of how much, where no wait says it. */
function broken(lanes, clock) {
  for (const mark of lanes.svg.querySelectorAll(".break")) mark.remove();
  for (const { x0, x1, length, i } of clock.breaks) {
    const x = lanes.x(x0 + (x1 - x0) / 2);
    for (const [index, y] of lanes.rows) {
      const message = lanes.own.find((one) => one.index === index);
      const [first, last] = [message.all[0].t, Math.max(message.all.at(-1).t, ...message.waits.map((wait) => wait.end_s))];
      if (first > clock.times[i] + 0.001 || last < clock.times[i + 1] - 0.001) continue;
      const isTold = message.waits.some((wait) => wait.start_s < clock.times[i + 1] && wait.end_s > clock.times[i]);
      const at = isTold ? x + 26 : x;
      lanes.svg.append(s("path", { class: "cut", d: `M${at - 7} ${y + 11}l6 -22h7l-6 22z` }),
        s("path", { class: "cut-line", d: `M${at - 7} ${y + 11}l6 -22M${at} ${y + 11}l6 -22` }),
        isTold ? "" : s("text", { x: at, y: y - 15, "text-anchor": "middle", class: "length" }, spoken(length)));
    }
  }
}

/** Marks of the stage are looked at, not opened; only the last timeline has the times below it. */
function fitted(svg, isLast, room, cramped) {
  const [x, , , height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const shown = height + (cramped ? 2.5 : FIELD.above) - (isLast ? 0 : FIELD.axis);
  svg.setAttribute("viewBox", `${x} ${cramped ? 2 : -FIELD.above} ${room / DRAWN.lane} ${shown}`);
  if (cramped) {
    for (const length of svg.querySelectorAll(".length")) length.setAttribute("y", 0.68 * cramped + 4);
  }
  // How long it still is, is counted above.
  for (const cause of svg.querySelectorAll(".cause")) say(cause, cause.textContent.replace(/, [^,]+ left$/, ""));
  for (const end of svg.querySelectorAll(".end")) {
    const beside = end.classList.contains("followed") ? { x: 0, y: -14, "text-anchor": "middle" } : { x: 14, y: 4, "text-anchor": "start" };
    for (const [name, value] of Object.entries(beside)) end.setAttribute(name, value);
    say(end, end.textContent.split(" ").at(-1));
  }
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.style.width = `calc(${room} * var(--u))`;
  svg.style.height = `calc(${shown * DRAWN.lane} * var(--u))`;
  for (const mark of svg.querySelectorAll(".mark")) {
    mark.removeAttribute("tabindex");
    mark.setAttribute("role", "img");
  }
}

/** In a strip there is no room for who sends: a message begins at the first place. */
function withoutSender(run) {
  return { ...run, places: run.places.filter((place) => place.kind !== "sender"),
    arrows: run.arrows.filter((arrow) => arrow.from !== "you") };
}

/** In a strip an order's number tells it from others, and its kind is name enough. */
function shorten({ messages }) {
  for (const message of messages) {
    message.label = message.label.split("-")[0];
    if (message.title) message.short = String(messages.filter((one) => one.run === message.run).indexOf(message) + 1);
  }
}

function standing(seen, isStrips, { run, number }) {
  if (!isStrips) return seen;
  const first = run.places[0].id;
  const there = new Set(run.places.map((place) => place.id));
  const known = (id) => (there.has(id) ? id : first);
  return { ...seen, messages: seen.messages.map((one) =>
    one.message.run === number
      ? { ...one, place: known(one.place), from: known(one.from ?? first) } : one) };
}
