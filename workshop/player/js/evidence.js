// What AWS showed of a mark: log lines, payload, record.

import { h } from "./elements.js";
import { linesAt, stillRuns } from "./seen.js";
import { sentence, spoken, wordFor } from "./steps.js";

/** What is shown when somebody opens a mark at a moment: a heading, and what AWS showed of it. */
export function evidence(story, { step, wait, message }, moment) {
  if (wait) return ofWait(message, wait);
  const { message: own, kind, n, t } = step;
  const title = `${own.name}, +${spoken(t)}`;
  if (kind === "attempt" || kind === "ended") return ofAttempt(story, own, n, moment);
  if (kind === "arrived") return ofArrival(story, own, own.arrivals[n]);
  if (kind === "unseen") {
    const { batch_size: size, request_id: id } = own.unseen[n];
    if (size) {
      return [headed(`${title}: receive ${own.unseen[n].receive}, not tried`), h("p", {}, `Request ${id} had it, `
        + `one of ${size} in its batch. The function stopped before it, and named it in its answer as one to keep.`)];
    }
    return [headed(title), h("p", {}, `SQS counted receive ${own.unseen[n].receive}, and no log line `
      + "tells of it: the function did not run, or was refused. The count of the next receive shows it.")];
  }
  if (kind === "sent") return [headed(`${title}: sent`), ...ofPayload(own)];
  return [headed(title), h("p", {}, `${sentence([step])}`)];
}

function ofWait(message, wait) {
  const rows = [["cause", wait.cause], ["from", `+${spoken(wait.start_s)}`], ["until", `+${spoken(wait.end_s)}`],
    ["gap, as AWS counts it", wait.length]];
  if (wait.setting) rows.push(["setting", `${wait.setting} = ${wait.set_s}`]);
  return [headed(`${ownName(message)}: ${wait.told}`), table(rows)];
}

function ofPayload(message) {
  if (message.payload) return [h("p", {}, "What was sent, as it arrived in the end:"), pre(pretty(message.payload))];
  return [h("p", {}, "AWS keeps no payload of a message that was processed or is on its way. "
    + "The handler's own log line tells what it read in it.")];
}

function ofAttempt(story, message, n, moment) {
  const attempt = message.attempts[n];
  const run = story.facts.runs[message.run];
  const { request_id: id } = run.invocations[attempt.invocation];
  const lines = linesAt(story, message, n, moment);
  const runs = stillRuns(message, n, moment);
  const error = runs ? "" : [attempt.error_type, attempt.error_message].filter(Boolean).join(": ");
  const receive = attempt.receive === null ? "" : `, receive ${attempt.receive}`;
  const batch = attempt.batch_size > 1 ? `, one of ${attempt.batch_size} in its batch` : "";
  return [
    headed(`${ownName(message)}, attempt ${attempt.number}: ${wordFor(runs ? "running" : attempt.outcome)}`),
    h("p", {}, `${error ? `${error}. ` : ""}Request ${id}${receive}${batch}.`),
    lines.length ? pre(lines.map(([t, text]) => `+${t.toFixed(3)} s  ${text}`).join("\n"))
      : h("p", {}, run.lines_left_out
        ? "Its log lines are left out here, since this run has so many; lab.logs(...) has them."
        : "Its log lines are not at hand: this picture was made without its log."),
  ];
}

/** By its own name: the lane that it stands in is called like its way. */
function ownName({ isAlone, label, name }) {
  return isAlone ? label : name;
}

function ofArrival(story, message, arrival) {
  const parcel = arrival.parcel === null ? null : story.facts.runs[message.run].parcels[arrival.parcel];
  return [
    headed(`${ownName(message)} in the ${arrival.place}`),
    h("p", {}, arrival.reason + (arrival.is_derived
      ? ". SQS keeps no time of a move: it is the last receive and one visibility timeout." : ".")),
    parcel ? table(parcel.fields, ["field", "value", "meaning"], parcel.kind)
      : h("p", {}, "The message itself is not at hand; lab.messages(...) has it."),
  ];
}

/** What it is; no heading of the page, which knows nothing of what is open here. */
function headed(text) {
  return h("p", { class: "headed" }, text);
}

function pre(text) {
  return h("pre", { tabindex: 0 }, text);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function table(rows, head = null, caption = null) {
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption ?? "What is known" },
    h("table", {},
      caption && h("caption", {}, caption),
      head && h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...rows.map(([first, ...others]) =>
        h("tr", {}, h("th", { scope: "row" }, first), ...others.map((text) => h("td", {}, text)))))));
}
