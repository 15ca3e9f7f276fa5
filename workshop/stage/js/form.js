// A form for a message and settings of the instructor's own.

import { h } from "../../player/js/elements.js";

const FAULTS = { "": "no fault", raise: "fails always", "raise-twice": "fails twice", timeout: "runs into its timeout", exit: "its process ends" };
const PATTERNS_OF_FORM = { SqsDlq: "SQS with a DLQ", LambdaDestinations: "Lambda destinations", LambdaDlq: "Lambda DLQ" };
const NUMBERS = [
  ["visibility_timeout_s", "visibility timeout, seconds", 5, 900, "SqsDlq"],
  ["max_receive_count", "maxReceiveCount", 1, 10, "SqsDlq"],
  ["retry_attempts", "retry attempts", 0, 2, ""],
  ["event_age_s", "event age, seconds", 60, 21600, ""],
];

/** Fill a dialog with the form; `send(own)` gets what was filled in. */
export function ownForm(dialog, send) {
  const pattern = chooser("pattern", PATTERNS_OF_FORM, () => fit());
  const fault = chooser("fault", FAULTS, () => { body.value = bodyOf(fault.value); });
  const body = h("textarea", { rows: 3, "aria-label": "body", spellcheck: "false", required: true });
  body.value = bodyOf("");
  const numbers = NUMBERS.map(([name, told, min, max, of]) => ({ of, name,
    field: h("input", { type: "number", min, max, step: 1, placeholder: "as it is", "aria-label": told }), told }));
  const rows = numbers.map(({ field, told }) => h("label", {}, h("span", {}, told), field));
  const fit = () => numbers.forEach(({ of }, i) => { rows[i].hidden = (pattern.value === "SqsDlq") !== (of === "SqsDlq"); });
  const form = h("form", { method: "dialog", onsubmit: () => {
    const filled = numbers.filter(({ of, field }) => field.value !== "" && (pattern.value === "SqsDlq") === (of === "SqsDlq"));
    send({ pattern: pattern.value, body: body.value, ...Object.fromEntries(filled.map(({ name, field }) => [name, Number(field.value)])) });
    // The next message has the stack's settings, unless somebody fills in others.
    for (const { field } of numbers) field.value = "";
  } },
  h("h2", {}, "A message of your own"),
  h("label", {}, h("span", {}, "pattern"), pattern), h("label", {}, h("span", {}, "fault"), fault),
  h("label", {}, h("span", {}, "body"), body), ...rows,
  h("p", {}, h("button", { type: "submit" }, "Send"),
    h("button", { type: "button", onclick: () => dialog.close() }, "Close")));
  fit();
  dialog.replaceChildren(form);
}

function chooser(name, words, onchange) {
  return h("select", { "aria-label": name, onchange },
    ...Object.entries(words).map(([value, word]) => h("option", { value }, word)));
}

function bodyOf(fault) {
  const kind = { "raise-twice": { kind: "raise", until_attempt: 3 } }[fault] ?? { kind: fault };
  return JSON.stringify({ pass: true, ...(fault ? { fault: kind } : {}) });
}
