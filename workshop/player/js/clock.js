// The clock: seconds of AWS, and seconds of the replay. Pure.

// A moment stays long enough to be seen, a wait no longer than that; and nobody watches for longer.
const LEAST_S = 0.9;
const WHOLE_S = 3;
const LONGEST_S = 75;
// How long a message is on its way from card to card, in seconds of the replay, and how soon a
// question about a moment comes: before that way shows what follows.
const TRAVEL_S = 0.7;
const ASKED_S = 0.05;
// What AWS did at one time is still stepped through, one after the other.
const APART_S = 0.001;

/** Where each moment lies on the replay's own time axis.
 *
 * `x[i]` is when moment i is reached, in seconds of the replay at speed 1; `breaks` are the waits
 * that were shortened. With `isProportional` a second of the replay is a second of AWS.
 */
export function clockOf(story, isProportional = false) {
  const times = story.moments.map((moment) => moment.t);
  const gaps = times.slice(1).map((t, i) => t - times[i]);
  const x = [isProportional ? 0 : 0.3];
  const shown = isProportional ? gaps.map((gap) => Math.max(gap, APART_S)) : shortened(gaps);
  shown.forEach((gap) => x.push(x.at(-1) + gap));
  const breaks = isProportional ? [] : gaps
    .map((length, i) => ({ x0: x[i], x1: x[i + 1], length, i }))
    .filter(({ length, i }) => length > WHOLE_S && length > 1.05 * shown[i]);
  return { times, x, breaks, isProportional, end: x.at(-1) + (isProportional ? 1 : 1.2) };
}

function shortened(gaps) {
  const wanted = gaps.map((gap) =>
    gap <= WHOLE_S ? Math.max(gap, LEAST_S) : WHOLE_S + Math.log10(gap / WHOLE_S));
  const sum = wanted.reduce((all, gap) => all + gap, 0);
  const scale = Math.min(1, LONGEST_S / sum);
  return wanted.map((gap) => gap * scale);
}

/** AWS's time at a place of the replay. */
export function timeAt(clock, x) {
  const { x: xs, times } = clock;
  const i = lastUpTo(xs, x);
  if (i < 0) return times[0];
  if (i === xs.length - 1) return times[i];
  const share = (x - xs[i]) / (xs[i + 1] - xs[i] || 1);
  return times[i] + Math.min(share, 1) * (times[i + 1] - times[i]);
}

/** The moment that has come last at a place of the replay; -1 before anything is played. */
export function momentAt(clock, x) {
  return x > 0 ? lastUpTo(clock.x, x) : -1;
}

/** AWS's time as it is told: it stands while the messages of a moment are on their way. */
export function timeTold(clock, x) {
  const i = momentAt(clock, x);
  if (i < 0) return clock.times[0];
  const [from, to] = [arrivedAt(clock, i), clock.x[i + 1]];
  const share = x > from && to !== undefined ? (x - from) / (to - from) : 0;
  return share ? timeAt(clock, clock.x[i] + share * (to - clock.x[i])) : clock.times[i];
}

/** The place of the replay at which a time of AWS is reached. */
export function placeOf(clock, t) {
  const { x: xs, times } = clock;
  const i = lastUpTo(times, t);
  if (i < 0) return 0;
  if (i === xs.length - 1) return xs[i] + Math.min(t - times[i], clock.end - xs[i]);
  const share = (t - times[i]) / (times[i + 1] - times[i] || 1);
  return xs[i] + share * (xs[i + 1] - xs[i]);
}

/** Where the way of the messages of a moment is at its end. */
export function arrivedAt(clock, i) {
  return clock.x[i] + Math.min(TRAVEL_S, 0.85 * gapAfter(clock, i));
}

/** Where a question about a moment comes. */
export function askedAt(clock, i) {
  return clock.x[i] + Math.min(ASKED_S, 0.5 * gapAfter(clock, i));
}

function gapAfter({ x, end }, i) {
  return (x[i + 1] ?? end) - x[i];
}

/** The place of another clock of the same story at which the same is seen.
 *
 * What happened at one time is several moments: a time of AWS would not tell which of them it was.
 */
export function samePlace(from, to, x) {
  const [here, there] = [from, to].map(knots);
  const i = Math.max(lastUpTo(here, x), 0);
  // Before anything is played nothing has begun, also where the first moment follows at once.
  if (x <= 0 || i === here.length - 1) return there[x <= 0 ? 0 : i];
  return there[i] + (x - here[i]) / (here[i + 1] - here[i]) * (there[i + 1] - there[i]);
}

/** The places where something changes: a moment comes, asks, and has come; the beginning, the end. */
function knots(clock) {
  return [0, ...clock.x.flatMap((x, i) => [x, askedAt(clock, i), arrivedAt(clock, i)]), clock.end];
}

/** The index of the last of some rising numbers that is no larger than another; -1: none. */
export function lastUpTo(numbers, value) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
