// How wide time is drawn on the stage: to scale, unless something could not be read then. Pure.

// Two marks of a message stand beside each other from here on, and a wait has room for its length.
const MARK = 25;
const WAIT = 58;
// What is shorter is told as the moment that it is.
const LONG_S = 3;
// Each time that a wait cannot be read the longest gap becomes so much shorter, and has a break.
const SHORTER = 0.8;
const MOST_TRIES = 40;

/** Where each moment lies on a line of so many units: as the player's clock, for the whole stage.
 *
 * Ends of waits that are known already, after the last moment, are on it: equal waits are equally
 * long from their beginning. A gap is cut only where another wait could not be read otherwise;
 * `breaks` are those gaps. `first` is how far from its beginning a message's next mark is at least.
 */
export function scaleOf(story, width, first = MARK) {
  const waits = story.messages.flatMap((message) => message.waits);
  const times = story.moments.map((moment) => moment.t);
  const until = Math.max(...waits.map((wait) => wait.end_s), times.at(-1));
  if (until > times.at(-1) + 0.1) times.push(until);
  const gaps = times.slice(1).map((t, i) => Math.max(t - times[i], 0));
  const pairs = neighbours(story, first);
  let cap = Math.max(...gaps, 0);
  let drawn = gaps;
  let x = placed(drawn, pairs, width);
  for (let n = 0; n < MOST_TRIES && waits.some((wait) => isCramped(wait, times, x)); n += 1) {
    cap *= SHORTER;
    const shorter = gaps.map((gap) => Math.min(gap, cap));
    const less = placed(shorter, pairs, width);
    // No gap is longer than those that could not be read: nothing is won any more.
    if (cap < LONG_S) break;
    [drawn, x] = [shorter, less];
  }
  const breaks = gaps.map((length, i) => ({ x0: x[i], x1: x[i + 1], length, i }))
    .filter(({ length, i }) => length > drawn[i] + 0.001);
  return { times, x, breaks, isProportional: breaks.length === 0, end: width };
}

/** Moments of one message that have marks, one after the other. */
function neighbours({ messages }, first) {
  return messages.flatMap((message) => {
    const marks = message.all.filter(({ kind }) => !["ended", "visible", "passed"].includes(kind)).map(({ moment }) => moment);
    return marks.slice(1).map((moment, i) => [marks[i], moment, i ? MARK : first]);
  });
}

/** As long as possible, with room for every mark. */
function placed(gaps, pairs, width) {
  const before = new Map();
  for (const [i, j, least] of pairs) before.set(j, [...(before.get(j) ?? []), [i, least]]);
  const at = (unit) => {
    const x = [0];
    gaps.forEach((gap, i) => x.push(Math.max(x[i] + unit * gap, ...(before.get(i + 1) ?? []).map(([j, room]) => x[j] + room))));
    return x;
  };
  const least = at(0);
  if (least.at(-1) >= width) return least.map((x) => (x * width) / least.at(-1));
  let [low, high] = [0, width / (gaps.reduce((sum, gap) => sum + gap, 0) || 1)];
  for (let n = 0; n < 50; n += 1) {
    const middle = (low + high) / 2;
    if (at(middle).at(-1) > width) high = middle;
    else low = middle;
  }
  return at(low);
}

function isCramped(wait, times, x) {
  return wait.end_s - wait.start_s >= LONG_S && along(times, x, wait.end_s) - along(times, x, wait.start_s) < WAIT;
}

function along(times, x, t) {
  const i = Math.max(times.findLastIndex((one) => one <= t + 0.001), 0);
  if (i === times.length - 1) return x[i];
  return x[i] + ((x[i + 1] - x[i]) * Math.max(t - times[i], 0)) / (times[i + 1] - times[i] || 1);
}
