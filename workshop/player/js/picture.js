// The picture of a pattern: cards with counters, arrows, and the messages on them.

import { fitting, outline, s, say } from "./elements.js";

const CARD = { width: 168, height: 82, gapX: 36, gapY: 44 };
const TOKEN = 10;
// More than so many are not told apart; the counters have them all.
const MOST_TOKENS = 60;
const MOST_AT_A_PLACE = 5;

/** Where the cards of a run lie: the way of a good message in a row, what fails below it. */
function layout(run, isTall) {
  const ids = run.places.map((place) => place.id);
  const failed = (place) => place.kind === "failure" || place.kind === "lost";
  const way = run.places.filter((place) => !failed(place)).map((place) => place.id);
  const spots = new Map(way.map((id, column) => [id, [column, 0]]));
  // Each below the place from which messages are moved there, or the next free one.
  const taken = new Set();
  for (const place of run.places.filter(failed)) {
    const arrow = run.arrows.find((one) => one.to === place.id);
    let column = spots.get(arrow?.from ?? "function")?.[0] ?? 1;
    while (taken.has(column)) column += 1;
    taken.add(column);
    spots.set(place.id, [column, 1]);
  }
  const stepX = CARD.width + (isTall ? 26 : CARD.gapX);
  const stepY = CARD.height + CARD.gapY - (isTall ? 18 : 0);
  const corners = new Map(ids.map((id) => {
    const [column, row] = spots.get(id);
    return [id, isTall ? [row * stepX, column * stepY] : [column * stepX, row * stepY]];
  }));
  const all = [...corners.values()];
  const width = Math.max(...all.map(([x]) => x)) + CARD.width;
  const height = Math.max(...all.map(([, y]) => y)) + CARD.height;
  return { corners, width, height };
}

/** The picture of one run: cards with counters, arrows, and the messages on them. */
export class Picture {
  constructor(run, number, isTall) {
    this.run = run;
    this.number = number;
    const { corners, width, height } = layout(run, isTall);
    this.corners = corners;
    this.counters = new Map();
    this.tokens = new Map();
    this.svg = s("svg", {
      viewBox: `-4 -12 ${width + 8} ${height + 18}`, class: "picture", role: "img",
      "aria-label": `The way of the messages: ${run.places.map((place) => place.name).join(", ")}`,
      style: `max-width:${width + 8}px`,
    });
    run.arrows.forEach((arrow) => this.svg.append(this.arrow(arrow)));
    run.places.forEach((place) => this.svg.append(this.card(place)));
    this.layer = s("g", { "aria-hidden": "true" });
    this.svg.append(this.layer);
  }

  card(place) {
    const [x, y] = this.corners.get(place.id);
    const counter = place.kind === "sender" || place.kind === "topic" ? null : this.counter(place);
    return s("g", { class: `card ${place.kind}`, transform: `translate(${x} ${y})` },
      s("rect", { width: CARD.width, height: CARD.height, rx: 8 }),
      place.aws_name ? s("title", {}, place.aws_name) : null,
      s("text", { x: 10, y: 24, class: "name", ...fitting(place.name, CARD.width - 20) }, place.name),
      s("text", { x: 10, y: 40, class: "soft" }, place.told),
      counter);
  }

  counter(place) {
    const text = s("text", { x: CARD.width - 12, y: 5, "text-anchor": "middle" }, "0");
    const box = s("rect", { x: CARD.width - 27, y: -11, width: 30, height: 23, rx: 11 });
    const hidden = s("text", { x: 10, y: 54, class: "soft" });
    this.counters.set(place.id, { text, box, hidden });
    return s("g", { class: "counter" }, box, text, hidden);
  }

  arrow({ from, to, kind }) {
    const [a, b] = [this.middle(from), this.middle(to)];
    const isLevel = Math.abs(a[1] - b[1]) < 1;
    const along = isLevel ? 0 : 1;
    const sign = Math.sign(b[along] - a[along]);
    const half = [CARD.width / 2, CARD.height / 2];
    // There and back beside each other; to a place below another one: from the nearest edge.
    const shift = kind === "back" ? 13 : kind === "forward" ? -9 : 0;
    const begin = [...a];
    const end = [...b];
    if (Math.abs(a[0] - b[0]) > 1 && !isLevel) {
      begin[0] = end[0];
      begin[0] = Math.min(Math.max(end[0], a[0] - half[0] + 14), a[0] + half[0] - 14);
    }
    begin[along] += sign * half[along];
    end[along] -= sign * (half[along] + 3);
    begin[1 - along] += shift;
    end[1 - along] += shift;
    const angle = Math.atan2(end[1] - begin[1], end[0] - begin[0]) * 180 / Math.PI;
    return s("g", { class: `arrow ${kind}` },
      s("path", { d: `M${begin.join(" ")}L${end.join(" ")}` }),
      s("polygon", { points: "0,0 -9,-4.5 -9,4.5", transform: `translate(${end.join(" ")}) rotate(${angle})` }));
  }

  middle(id) {
    const [x, y] = this.corners.get(id);
    return [x + CARD.width / 2, y + CARD.height / 2];
  }

  /** A new moment has come: counters, and which messages lie where. */
  arrive(seen, followed) {
    for (const [id, { text, box, hidden }] of this.counters) {
      const [visible, inFlight] = seen.counters[this.number][id];
      const number = String(visible + (id === "queue" ? inFlight : 0));
      say(text, number);
      const width = Math.max(24, 13 + 9 * number.length);
      box.setAttribute("width", width);
      box.setAttribute("x", CARD.width - 12 - width / 2);
      say(hidden, id === "queue" && inFlight ? `${visible} visible, ${inFlight} in flight` : "");
    }
    this.places = this.drawn(seen.messages.filter(({ message }) => message.run === this.number));
    const kept = new Set(this.places.map(({ one }) => one.message.index));
    for (const [index, token] of this.tokens) {
      if (!kept.has(index)) { token.group.remove(); this.tokens.delete(index); }
    }
    for (const { one } of this.places) this.token(one, seen.moment, followed);
  }

  /** Of a crowd those that move and the first of each place, with where they lie there. */
  drawn(messages) {
    const lying = new Map();
    const spots = [];
    for (const one of messages) {
      const number = lying.get(one.place) ?? 0;
      lying.set(one.place, number + 1);
      spots.push({ one, number });
    }
    const moment = Math.max(...messages.map((one) => one.step?.moment ?? -1));
    const isMoving = ({ one }) => one.step?.moment === moment && one.step.kind !== "visible";
    const near = spots.filter((spot) => spot.number < MOST_AT_A_PLACE);
    const far = spots.filter((spot) => spot.number >= MOST_AT_A_PLACE && isMoving(spot));
    return [...near, ...far.slice(0, MOST_TOKENS - near.length)];
  }

  token(one, moment, followed) {
    const { message, step } = one;
    let token = this.tokens.get(message.index);
    if (!token) {
      token = { group: s("g", {}), look: "" };
      this.layer.append(token.group);
      this.tokens.set(message.index, token);
    }
    const look = looks(one);
    const isDimmed = followed !== null && followed !== message.index;
    const name = `token ${look.name}${isDimmed ? " dimmed" : ""}`;
    if (token.name !== name) {
      token.name = name;
      token.group.setAttribute("class", name);
    }
    if (token.look !== look.name) {
      token.look = look.name;
      token.group.replaceChildren(outline(look.shape, TOKEN),
        s("text", { "text-anchor": "middle", y: 4 }, String(this.numberOf(message))));
    }
    token.isMoving = step !== null && step.moment === moment;
  }

  numberOf(message) {
    this.numbers ??= new Map(this.run.messages.map((one, index) => [one.id, index + 1]));
    return this.numbers.get(message.id);
  }

  spot(place, number) {
    const [x, y] = this.corners.get(place);
    const column = Math.min(number, MOST_AT_A_PLACE);
    return [x + 20 + column * 26, y + CARD.height - 15];
  }

  /** Between two moments: how far on their way the messages are, from 0 to 1. */
  move(share) {
    const eased = share * share * (3 - 2 * share);
    for (const { one, number } of this.places ?? []) {
      const { group, isMoving } = this.tokens.get(one.message.index);
      const [x, y] = this.spot(one.place, number);
      const [x0, y0] = isMoving && eased < 1 ? this.spot(one.from, number) : [x, y];
      const place = `translate(${(x0 + (x - x0) * eased).toFixed(1)} ${(y0 + (y - y0) * eased).toFixed(1)})`;
      if (group.place !== place) { group.place = place; group.setAttribute("transform", place); }
    }
  }
}

/** How a message looks where it is: shape, line and sign, beside the colour. */
function looks({ state, place, step }) {
  if (state === "running") return { name: "running", shape: "circle" };
  if (state === "hidden") return { name: "hidden", shape: "circle" };
  if (state === "done" || (state === "kept" && place === "on-success destination")) {
    return { name: "done", shape: "circle" };
  }
  if (state === "kept") return { name: "kept", shape: "diamond" };
  if (state === "lost") return { name: "lost", shape: "square" };
  return { name: step === null ? "unsent" : "waiting", shape: "circle" };
}
