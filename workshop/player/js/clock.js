// The clock: seconds of AWS, and seconds of the replay. Pure.

// A moment stays long enough to be seen, a wait no longer than that; and nobody watches for longer.
const LEAST_S = 0.9;
const WHOLE_S = 3;
const LONGEST_S = 75;
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

/** The place of the replay at which a time of AWS is reached. */
export function placeOf(clock, t) {
  const { x: xs, times } = clock;
  const i = lastUpTo(times, t);
  if (i < 0) return 0;
  if (i === xs.length - 1) return xs[i] + Math.min(t - times[i], clock.end - xs[i]);
  const share = (t - times[i]) / (times[i + 1] - times[i] || 1);
  return xs[i] + share * (xs[i + 1] - xs[i]);
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
