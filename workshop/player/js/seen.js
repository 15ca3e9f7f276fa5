// What is seen at a moment: facts and a time in, a picture in words and numbers out. Pure.

import { askedAt, lastUpTo } from "./clock.js";
import { read, sentence } from "./steps.js";

/** What is seen at AWS's time `t`, in seconds since the first message was sent. */
export function at(facts, t) {
  const story = facts.moments ? facts : read(facts);
  const moment = lastUpTo(story.moments.map((one) => one.t), t);
  // Of a moment in which several things happened, those that are still to come do not count.
  const until = (step) => step.t <= t;
  const seen = seenAfter(story, moment, until);
  return { t, ...seen, waits: waiting(story, t) };
}

/** What is seen once a moment has come: where every message is, counters, lines, a sentence. */
export function seenAfter(story, moment, until = () => true) {
  const isPast = (step) => step.moment <= moment && until(step);
  const messages = story.messages.map((message) => {
    const steps = message.all;
    let n = steps.length - 1;
    while (n >= 0 && !isPast(steps[n])) n -= 1;
    if (n < 0) return { message, place: "you", state: "unsent", step: null };
    const step = steps[n];
    return { message, place: step.place, state: step.state, step, from: steps[n - 1]?.place ?? "you" };
  });
  const steps = moment < 0 ? [] : story.moments[moment].steps.filter(until);
  const shown = steps.length ? mostTelling(steps) : null;
  return {
    moment,
    messages,
    counters: counted(story, messages),
    sentence: sentence(steps),
    shown,
    lines: shown && ["attempt", "ended"].includes(shown.kind)
      ? linesAt(story, shown.message, shown.n, moment) : [],
  };
}

/** For each run: place -> [visible, in flight]. */
function counted(story, messages) {
  const counters = story.facts.runs.map((run) =>
    Object.fromEntries(run.places.map((place) => [place.id, [0, 0]])));
  for (const { message, place, state } of messages) {
    if (state === "unsent") continue;
    const own = counters[message.run];
    own[place][state === "hidden" ? 1 : 0] += 1;
    if (state === "running" && message.source === "queue") own.queue[1] += 1;
  }
  return counters;
}

/** Who waits at a time, for what, and how long still; who is worked at does not wait. */
export function waiting(story, t) {
  return story.messages.flatMap((message) =>
    message.waits
      .filter((wait) => wait.start_s <= t && t < wait.end_s)
      .map((wait) => ({ message, wait, left_s: wait.end_s - t,
        share: (t - wait.start_s) / (wait.end_s - wait.start_s) })));
}

/** Those who wait after a moment: waits of one kind that end together are one, the first end first.
 *
 * Made once for a moment: a crowd waits, and all that changes from frame to frame is what is left.
 */
export function waitsAfter(story, moment, followed = null) {
  if (moment < 0) return [];
  const { until } = story.moments[moment];
  const together = new Map();
  for (const message of story.messages) {
    if (followed !== null && message.index !== followed) continue;
    for (const wait of message.waits) {
      if (wait.start_s > until || wait.end_s <= until) continue;
      const key = `${wait.told} ${Math.round(2 * wait.end_s)}`;
      if (!together.has(key)) together.set(key, { wait, messages: [] });
      together.get(key).messages.push(message);
    }
  }
  return [...together.values()].sort((a, b) => a.wait.end_s - b.wait.end_s);
}

/** Whether an attempt still runs at a moment: how it ends is not known then. */
export function stillRuns(message, n, moment) {
  const end = message.all.find((step) => step.kind === "ended" && step.n === n);
  return end !== undefined && end.moment > moment;
}

/** The log lines of an attempt that are there at a moment, as [t, text]: its START while it runs. */
export function linesAt(story, message, n, moment) {
  const { lines } = story.facts.runs[message.run].invocations[message.attempts[n].invocation];
  return stillRuns(message, n, moment) ? lines.slice(0, 1) : lines;
}

/** The first question, after a place of the replay, that nobody has answered. */
export function nextQuestion(story, clock, x, answers) {
  const asked = story.facts.questions
    .filter((question) => !(question.id in answers))
    .map((question) => ({ question, x: askedAt(clock, momentOf(clock, question)) }))
    .filter((one) => one.x >= x);
  return asked.sort((a, b) => a.x - b.x)[0] ?? null;
}

/** The moment that a question is about. */
export function momentOf(clock, question) {
  return Math.max(lastUpTo(clock.times, question.at_s), 0);
}

/** Whether an answer is right, and what is said to it. */
export function judged(question, answer) {
  if (question.choices) {
    const chosen = question.choices[answer];
    return { isRight: Boolean(chosen.is_right), told: chosen.told };
  }
  const isRight = Math.abs(answer - question.answer) <= (question.within ?? 0);
  return { isRight, told: isRight ? question.told : question.told_wrong ?? question.told };
}

/** Of all that happened at a moment, what is shown unasked: a parcel, a failure, an attempt. */
export function mostTelling(steps) {
  const failed = ({ kind, n, message }) => kind === "ended" && message.attempts[n].outcome !== "ok";
  return steps.findLast((step) => step.kind === "arrived") ?? steps.findLast(failed)
    ?? steps.findLast((step) => step.kind === "ended" || step.kind === "attempt") ?? steps.at(-1);
}
