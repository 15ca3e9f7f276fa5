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
  ["hidden by its visibility", "hidden by their visibility"], ["of its group", "of their group"], ["was not tried, its batch", "were not tried, their batch"], ["it is processed", "they are processed"],
  ["it has arrived in", "they have arrived in"], ["it was delivered", "they were delivered"],
  ["it still lies", "they still lie"], ["keeps it, so it is lost", "keeps them, so they are lost"],
];

/** The messages of all runs on one clock, and the moments at which something happened to them. */
export function read(facts) {
  const messages = facts.runs.flatMap((run, number) =>
    run.messages.map((message, n) =>
      ({ ...message, run: number, told: run.told_before?.[n] ?? null, ...named(facts.runs, run, message) })));
  messages.forEach((message, index) => Object.assign(message, { index, all: [] }));
  const steps = messages.flatMap((message) =>
    message.steps.map(([t, kind, place, state, n], order) =>
      ({ t, kind, place, state, n, order, message })));
  // Of a run that goes on its facts say how many steps came before the last moment.
  // What is sent together is one moment, also where the first was received before the last.
  const first = Math.min(...steps.map(({ t }) => t));
  const rank = ({ t, kind }) => (kind === "sent" && t <= first + TOGETHER_S ? t - TOGETHER_S : t);
  const isLast = ({ order, message }) => message.told !== null && order >= message.told;
  steps.sort((a, b) => isLast(a) - isLast(b) || rank(a) - rank(b) || a.message.index - b.message.index || a.order - b.order);
  const moments = [];
  // A message has one step at a moment, and none before its earlier one.
  const latest = new Map();
  for (const step of steps) {
    const last = moments.length - 1;
    const isNext = last < 0 || (isLast(step) ? !isLast(moments[last].steps[0])
      : step.t - moments[last].t > TOGETHER_S || latest.get(step.message.index) === last);
    if (isNext) moments.push({ t: step.t, until: step.t, steps: [] });
    moments.at(-1).steps.push(step);
    moments.at(-1).until = Math.max(moments.at(-1).until, step.t);
    latest.set(step.message.index, moments.length - 1);
    step.moment = moments.length - 1;
    step.message.all.push(step);
  }
  return { facts, messages, moments };
}

/** How a message is called: of several runs by its run too, where orders may have one name. */
function named(runs, run, { name }) {
  if (runs.length === 1) return { label: name, short: name, title: "" };
  if (run.messages.length === 1) return { label: name, short: run.title, title: "", name: run.title, isAlone: true };
  return { label: name, short: name, title: run.title, name: `${run.title} ${name}` };
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

/** The last moment, up to a moment, at which something happened to the message; -1: none did. */
export function lastAbout(story, moment, followed) {
  if (followed === null) return moment;
  return story.messages[followed].all.findLast((step) => step.moment <= moment)?.moment ?? -1;
}

/** One sentence for all that happened at a moment: who, and what. */
export function sentence(steps) {
  const told = new Map();
  for (const step of steps) {
    const what = happening(step);
    told.set(what, [...(told.get(what) ?? []), step.message]);
  }
  return [...told].map(([what, messages]) => {
    const who = [...new Set(messages)];
    if (new Set(who.map(({ run }) => run)).size > 1) return `${onEachWay(who)}: ${ofSeveral(what).replace("arrive in the", "arrive in their own")}.`;
    return `${together(who)}: ${who.length > 1 ? ofSeveral(what) : what}.`;
  }).join(" ");
}

/** Messages of several ways, however many: of each way who, or how many, they are. */
function onEachWay(messages) {
  if (messages.length <= NAMED || messages.some(({ isAlone }) => isAlone)) return together(messages);
  return listed(byRun(messages));
}

/** Messages by name, those of one run of several behind its title: "Whole batch a and b".
 *
 * One that is alone on its way is called by it: "Message on SQS". No way speaks itself.
 */
export function together(messages) {
  if (messages.length > NAMED) return `${messages.length} messages`;
  const alone = messages.filter((message) => message.isAlone).map(({ short }) => short);
  const others = byRun(messages.filter((message) => !message.isAlone));
  const on = alone.length ? [`${alone.length > 1 ? "Messages" : "Message"} on ${listed(alone)}`] : [];
  return listed([...on, ...others]);
}

/** Messages behind the titles of their ways. */
function byRun(messages) {
  const names = new Map();
  for (const { title, short } of messages) names.set(title, [...(names.get(title) ?? []), short]);
  return [...names].map(([title, own]) => `${title} ${listed(own)}`.trim());
}

/** What is said of one message, said of several. */
export function ofSeveral(told) {
  return MANY.reduce((text, [one, several]) => text.replace(one, several), told);
}

/** Who waits for what, and how long still. */
export function waitsFor(messages, wait, left) {
  return `${together(messages)}: ${messages.length > 1 ? ofSeveral(wait.told) : wait.told}, ${spoken(left)} left`;
}

/** "a", "a and b", or how many there are. */
export function listed(names) {
  if (names.length > NAMED) return `${names.length} messages`;
  return names.length < 2 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function happening({ kind, n, place, state, message }) {
  if (kind === "sent") return "sent";
  if (kind === "redriven") return `moved back from the ${message.redriven_from}, to be tried again`;
  if (kind === "attempt") {
    const { number, batch_size: size } = message.attempts[n];
    const late = state === "kept" ? `, though it has arrived in the ${place}: it was delivered once more` : "";
    return `attempt ${number} begins${size > 1 ? `, in a batch of ${size}` : ""}${late}`;
  }
  if (kind === "ended") return outcome(message, n, place) + (state === "kept" ? `, and it still lies in the ${place}` : "");
  if (kind === "unseen") {
    const { receive, batch_size: size } = message.unseen[n];
    return size ? `received for the ${ordinal(receive)} time, in a batch of ${size}`
      : `received for the ${ordinal(receive)} time, without an attempt in the log`;
  }
  if (kind === "passed") return "was not tried, its batch ended before";
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
  // Of a time-out the log says no more than that.
  const error = type || (ended === "timeout" ? "" : text);
  return `attempt ${number} ended with ${ended}${error ? ` (${error})` : ""}`;
}

/** A sign and a word for how an attempt ended. */
export function wordFor(outcome) {
  return WORDS[outcome] ?? `… ${outcome}`;
}

function ordinal(number) {
  return { 1: "first", 2: "second", 3: "third" }[number] ?? `${number}th`;
}

/** What tells a place from others, where its name has no room: "on-failure", "DLQ". */
export function shortPlace(name) {
  return name.endsWith(" destination") ? name.split(" ")[0] : name.split(" ").at(-1);
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
