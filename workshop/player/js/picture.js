// The picture of a pattern: cards with counters, arrows, and the messages on them.

import { fitting, numbered, s, say } from "./elements.js";

// How large things are, and on which heights of a card its words stand.
const SIZE = { width: 168, height: 86, gapX: 36, gapY: 44, token: 10, told: 40, hidden: 54, letter: 7.9 };
// More than so many are not told apart; the counters have them all.
const MOST_TOKENS = 60;
// Of a card on a phone: what stands beside the way is as wide as there is room, in two lines.
const BESIDE = 18;
// Where a row has little room: between two cards, and how wide a card is at least.
const CLOSE = 24;
const LEAST_WIDTH = 128;

/** How large the cards are where all of a run's stand below each other: letters keep their size. */
export function tallSize(room) {
  const width = Math.min(SIZE.width, Math.floor(0.615 * (room - BESIDE - 8)));
  return { ...SIZE, width, beside: Math.min(SIZE.width, room - BESIDE - 8 - width) };
}

/** How large the cards of a run are in a row; null where they would be too narrow for their words.
 *
 * They are made narrower, not drawn smaller: letters keep their size.
 */
export function wideSize(run, room) {
  const { width } = layout(run, false, SIZE);
  if (width + 8 <= room) return SIZE;
  const columns = Math.round((width + SIZE.gapX) / (SIZE.width + SIZE.gapX));
  const narrower = Math.floor((room - 8 - (columns - 1) * CLOSE) / columns);
  return narrower < LEAST_WIDTH ? null : { ...SIZE, width: Math.min(narrower, SIZE.width), gapX: CLOSE };
}

/** Where the cards of a run lie: the way of a good message in a row, what fails below it.
 *
 * A strip has them all in one row: those where a failed message ends are its last ones.
 */
function layout(run, isTall, size) {
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
    spots.set(place.id, size.isStrip ? [spots.size, 0] : [column, 1]);
  }
  const stepX = size.width + (isTall ? BESIDE : size.gapX);
  const stepY = size.height + size.gapY - (isTall ? 18 : 0);
  const corners = new Map(ids.map((id) => {
    const [column, row] = spots.get(id);
    return [id, isTall ? [row * stepX, column * stepY] : [column * stepX, row * stepY]];
  }));
  const all = [...corners.values()];
  const widths = new Map(ids.map((id) => [id, isTall && spots.get(id)[1] ? size.beside ?? size.width : size.width]));
  const width = Math.max(...ids.map((id) => corners.get(id)[0] + widths.get(id)));
  const height = Math.max(...all.map(([, y]) => y)) + size.height + (size.isStrip ? 12 : 0);
  return { corners, widths, width, height };
}

/** The picture of one run: cards with counters, arrows, and the messages on them. */
export class Picture {
  constructor(run, number, isTall, size = SIZE) {
    this.size = size;
    this.know(run, number);
    const { corners, widths, width, height } = layout(run, isTall, size);
    [this.corners, this.widths] = [corners, widths];
    this.counters = new Map();
    this.rests = new Map();
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

  /** The same run, of which more is known by now. */
  know(run, number) {
    this.run = run;
    this.number = number;
    this.numbers = new Map(run.messages.map((one, index) => [one.id, index + 1]));
  }

  card(place) {
    const { size } = this;
    const [x, y] = this.corners.get(place.id);
    const width = this.widths.get(place.id);
    const counter = ["sender", "topic", size.uncounted].includes(place.kind) ? null : this.counter(place);
    const isHigh = size.height - 2.5 * size.token >= size.told + 19;
    const names = size.isStrip || (place.told && !isHigh) ? [place.name] : inLines(place.name, width - 20, size.letter);
    const told = size.told + 16 * (names.length - 1);
    return s("g", { class: `card ${place.kind}`, transform: `translate(${x} ${y})` },
      s("rect", { width, height: size.height, rx: 8 }),
      place.aws_name ? s("title", {}, place.aws_name) : null,
      // Below the name stands what it is set to; a low card has room for one line of both.
      ...names.map((line, i) =>
        s("text", { x: 10, y: 24 + 16 * i, class: "name", ...fitting(line, width - 20, size.letter) }, line)),
      size.told
        ? s("text", { x: 10, y: told, class: "soft told", ...fitting(place.told, width - 20, 6.4) }, place.told)
        : null,
      this.rest(place, width),
      counter);
  }

  /** How many more lie there than are drawn. */
  rest(place, width) {
    const { token, height } = this.size;
    const text = s("text", { x: token + 2.6 * token * this.mostAt(width), y: height - 1.1 * token, class: "more" });
    this.rests.set(place.id, text);
    return text;
  }

  /** How many are drawn in a card, where what counts the others must have room as well. */
  mostAt(width) {
    const { token, letter } = this.size;
    const counted = token + letter * `+${this.run.messages.length}`.length;
    return Math.floor((width - Math.max(3.8 * token, counted)) / (2.6 * token));
  }

  counter(place) {
    const { size } = this;
    const width = this.widths.get(place.id);
    const text = s("text", { x: width - 12, y: 5, "text-anchor": "middle" }, "0");
    const box = s("rect", { x: width - 27, y: -11, width: 30, height: 23, rx: 11 });
    const hidden = s("text", { x: 10, y: size.hidden, class: "soft" });
    this.counters.set(place.id, { text, box, hidden });
    return s("g", { class: "counter" }, box, text, hidden);
  }

  arrow({ from, to, kind, why = "" }) {
    const [a, b] = [this.middle(from), this.middle(to)];
    if (this.size.isStrip && Math.abs(a[0] - b[0]) > this.size.width + this.size.gapX + 1) return this.below(a, b, kind);
    const isLevel = Math.abs(a[1] - b[1]) < 1;
    const along = isLevel ? 0 : 1;
    const sign = Math.sign(b[along] - a[along]);
    const halfOf = (id) => [this.widths.get(id) / 2, this.size.height / 2];
    const [half, other] = [halfOf(from), halfOf(to)];
    // There and back beside each other; to a place below another one: from the nearest edge.
    const shift = { back: 13, forward: -9, redrive: 36 }[kind] ?? 0;
    const begin = [...a];
    const end = [...b];
    if (Math.abs(a[0] - b[0]) > 1 && !isLevel) {
      begin[0] = end[0];
      begin[0] = Math.min(Math.max(end[0], a[0] - half[0] + 14), a[0] + half[0] - 14);
    }
    begin[along] += sign * half[along];
    end[along] -= sign * (other[along] + 3);
    begin[1 - along] += shift;
    end[1 - along] += shift;
    const angle = Math.atan2(end[1] - begin[1], end[0] - begin[0]) * 180 / Math.PI;
    // Why nothing goes on a way has its room below the cards that it leads from and to.
    const foot = a[1] + half[1] + 22;
    const told = why && isLevel && !this.size.isStrip
      ? s("text", { x: (begin[0] + end[0]) / 2, y: foot, "text-anchor": "middle", class: "why" }, why) : null;
    return drawn(kind, `M${begin.join(" ")}L${end.join(" ")}`, end, angle, told);
  }

  /** In a strip, to a card further on: below those between. */
  below(a, b, kind) {
    const foot = a[1] + this.size.height / 2;
    const end = [b[0] - 20, foot + 2];
    return drawn(kind, `M${a[0]} ${foot}V${foot + 11}H${end[0]}V${end[1]}`, end, -90);
  }

  middle(id) {
    const [x, y] = this.corners.get(id);
    return [x + this.widths.get(id) / 2, y + this.size.height / 2];
  }

  /** A new moment has come: counters, and which messages lie where. */
  arrive(seen, followed) {
    for (const [id, { text, box, hidden }] of this.counters) {
      const [visible, inFlight] = seen.counters[this.number][id];
      const number = String(visible + (id === "queue" ? inFlight : 0));
      say(text, number);
      const width = Math.max(24, 13 + 9 * number.length);
      box.setAttribute("width", width);
      box.setAttribute("x", this.widths.get(id) - 12 - width / 2);
      const told = id === "queue" && inFlight ? `${visible} visible, ${inFlight} in flight` : "";
      say(hidden, this.size.hidden ? told : "");
      hidden.parentNode.parentNode.classList.toggle("counts", hidden.textContent !== "");
    }
    this.places = this.drawn(seen.messages.filter(({ message }) => message.run === this.number));
    const kept = new Set(this.places.map(({ one }) => one.message.id));
    for (const [id, token] of this.tokens) {
      if (!kept.has(id)) { token.group.remove(); this.tokens.delete(id); }
    }
    for (const { one } of this.places) this.token(one, seen.moment, followed);
  }

  /** Of a crowd those that move and the first of each place, with where they lie there. */
  drawn(messages) {
    const lying = new Map();
    const spots = [];
    const room = (place) => this.mostAt(this.widths.get(place));
    for (const one of messages) {
      const number = lying.get(one.place) ?? 0;
      lying.set(one.place, number + 1);
      spots.push({ one, number });
    }
    const moment = Math.max(...messages.map((one) => one.step?.moment ?? -1));
    const isMoving = ({ one }) => one.step?.moment === moment && one.step.kind !== "visible";
    const near = spots.filter((spot) => spot.number < room(spot.one.place));
    const far = spots.filter((spot) => spot.number >= room(spot.one.place) && isMoving(spot));
    for (const [id, text] of this.rests) {
      const rest = (lying.get(id) ?? 0) - room(id);
      say(text, rest > 0 ? `+${rest}` : "");
    }
    return [...near, ...far.slice(0, MOST_TOKENS - near.length)];
  }

  token(one, moment, followed) {
    const { message, step } = one;
    let token = this.tokens.get(message.id);
    if (!token) {
      token = { group: s("g", {}), look: "" };
      this.layer.append(token.group);
      this.tokens.set(message.id, token);
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
      const { token: radius } = this.size;
      token.group.replaceChildren(
        ...numbered(look.shape, radius, this.numbers.get(message.id), { y: 0.4 * radius }));
    }
    token.isMoving = step !== null && step.moment === moment;
  }

  spot(place, number) {
    const [x, y] = this.corners.get(place);
    const column = Math.min(number, this.mostAt(this.widths.get(place)));
    const { token, height } = this.size;
    return [x + 2 * token + column * 2.6 * token, y + height - 1.5 * token];
  }

  /** Between two moments: how far on their way the messages are, from 0 to 1. */
  move(share) {
    const eased = share * share * (3 - 2 * share);
    for (const { one, number } of this.places ?? []) {
      const { group, isMoving } = this.tokens.get(one.message.id);
      const [x, y] = this.spot(one.place, number);
      // Who has no room there is one of those that are counted.
      const isCounted = number >= this.mostAt(this.widths.get(one.place)) && !(isMoving && eased < 1);
      if (group.isCounted !== isCounted) {
        group.isCounted = isCounted;
        group.setAttribute("visibility", isCounted ? "hidden" : "visible");
      }
      const [x0, y0] = isMoving && eased < 1 ? this.spot(one.from, number) : [x, y];
      const place = `translate(${(x0 + (x - x0) * eased).toFixed(1)} ${(y0 + (y - y0) * eased).toFixed(1)})`;
      if (group.place !== place) { group.place = place; group.setAttribute("transform", place); }
    }
  }
}

function drawn(kind, line, end, angle, told = null) {
  const [x, y] = line.slice(1).split("L")[0].split(" ").map(Number);
  return s("g", { class: `arrow ${kind}` }, s("path", { d: line }),
    s("polygon", { points: "0,0 -9,-4.5 -9,4.5", transform: `translate(${end.join(" ")}) rotate(${angle})` }),
    kind === "broken" ? s("text", { x: (x + end[0]) / 2, y: (y + end[1]) / 2 + 14, "text-anchor": "middle", class: "cross" }, "✗") : null, told);
}

/** A name in one line, or in two where one has no room. */
function inLines(name, room, letter) {
  const words = name.split(" ");
  if (name.length * letter <= 1.12 * room || words.length < 2) return [name];
  let cut = 1;
  while (cut < words.length - 1 && words.slice(0, cut + 1).join(" ").length * letter <= room) cut += 1;
  return [words.slice(0, cut).join(" "), words.slice(cut).join(" ")];
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
