// What happened in a run, in order, and in sentences. Pure.

// Things that close together happened at one moment, unless they happened to the same message.
const TOGETHER_S = 0.25;
const WORDS = { error: "✗ error", timeout: "◷ timeout", crash: "✗ crash", ok: "✓ ok",
  shared: "✓✗ batch failed" };
const NAMED = 3;
// What is said of one message -> of several.
const MANY = [
  ["a record of its success arrives", "records of their success arrive"], ["arrives in", "arrive in"],
  ["its visibility timeout is over, it can", "their visibility timeouts are over, they can"],
  ["its visibility", "their visibility"], ["it is processed", "they are processed"],
  ["tells of it", "tells of them"], ["keeps it, so it is lost", "keeps them, so they are lost"],
];

/** The messages of all runs on one clock, and the moments at which something happened to them. */
export function read(facts) {
  const messages = facts.runs.flatMap((run, number) =>
    run.messages.map((message) => ({ ...message, run: number, ...named(facts.runs, run, message) })));
  messages.forEach((message, index) => Object.assign(message, { index, all: [] }));
  const steps = messages.flatMap((message) =>
    message.steps.map(([t, kind, place, state, n], order) =>
      ({ t, kind, place, state, n, order, message })));
  steps.sort((a, b) => a.t - b.t || a.message.index - b.message.index || a.order - b.order);
  const moments = [];
  // A message has one step at a moment, and none before its earlier one.
  const latest = new Map();
  for (const step of steps) {
    const last = moments.length - 1;
    const isNext = last < 0 || step.t - moments[last].t > TOGETHER_S
      || latest.get(step.message.index) === last;
    if (isNext) moments.push({ t: step.t, until: step.t, steps: [] });
    moments.at(-1).steps.push(step);
    moments.at(-1).until = step.t;
    latest.set(step.message.index, moments.length - 1);
    step.moment = moments.length - 1;
    step.message.all.push(step);
  }
  return { facts, messages, moments };
}

/** How a message is called: of several runs by its run too, where orders may have one name. */
function named(runs, run, { name }) {
  if (runs.length === 1) return { label: name };
  return { label: name, name: run.messages.length === 1 ? run.title : `${run.title} ${name}` };
}

/** What happened, moment by moment: `t`, its `steps`, and a sentence; of one message if asked. */
export function events(facts, followed = null) {
  const story = facts.moments ? facts : read(facts);
  return story.moments
    .map((moment, number) => ({ ...moment, number, steps: about(moment.steps, followed) }))
    .filter((moment) => moment.steps.length)
    .map((moment) => ({ ...moment, sentence: sentence(moment.steps) }));
}

export function about(steps, followed) {
  return followed === null ? steps : steps.filter((step) => step.message.index === followed);
}

/** One sentence for all that happened at a moment: who, and what. */
export function sentence(steps) {
  const told = new Map();
  for (const step of steps) {
    const what = happening(step);
    told.set(what, [...(told.get(what) ?? []), step.message.name]);
  }
  return [...told].map(([what, names]) => {
    const who = [...new Set(names)];
    return `${listed(who)}: ${who.length > 1 ? ofSeveral(what) : what}.`;
  }).join(" ");
}

/** What is said of one message, said of several. */
export function ofSeveral(told) {
  return MANY.reduce((text, [one, several]) => text.replace(one, several), told);
}

/** "a", "a and b", or how many there are. */
export function listed(names) {
  if (names.length > NAMED) return `${names.length} messages`;
  return names.length < 2 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function happening({ kind, n, place, t, message }) {
  if (kind === "sent") return "sent";
  if (kind === "redriven") return `moved back from the ${message.redriven_from}, to be tried again`;
  if (kind === "attempt") {
    const { number, batch_size: size } = message.attempts[n];
    return `attempt ${number} begins${size > 1 ? `, in a batch of ${size}` : ""}`;
  }
  if (kind === "ended") return outcome(message, n, place);
  if (kind === "unseen") {
    const { receive, batch_size: size } = message.unseen[n];
    return size ? `received for the ${ordinal(receive)} time in a batch of ${size}, and not tried`
      : `received for the ${ordinal(receive)} time, and no log line tells of it`;
  }
  if (kind === "visible") return "its visibility timeout is over, it can be received again";
  if (kind === "arrived") {
    const { reason, is_success: isSuccess } = message.arrivals[n];
    return `${isSuccess ? "a record of its success " : ""}arrives in the ${place} (${reason})`;
  }
  return "no attempt is left and nothing keeps it, so it is lost";
}

function outcome(message, n, place) {
  const { number, outcome: ended, error_type: type, error_message: text } = message.attempts[n];
  if (ended === "ok") {
    return `attempt ${number} succeeded${place === "done" ? ", it is processed" : ""}`;
  }
  if (ended === "shared") return `attempt ${number} was done, but its batch failed`;
  const error = type || text;
  return `attempt ${number} ended with ${ended}${error ? ` (${error})` : ""}`;
}

/** A sign and a word for how an attempt ended. */
export function wordFor(outcome) {
  return WORDS[outcome] ?? `… ${outcome}`;
}

function ordinal(number) {
  return { 1: "first", 2: "second", 3: "third" }[number] ?? `${number}th`;
}

/** A length of time for reading: "27 s", "0.4 s", "2 h 5 min". */
export function spoken(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`.replace(".0 s", " s");
  if (seconds < 600) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  const rest = minutes % 60;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ""}`;
}
