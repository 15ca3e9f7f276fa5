// What the reader steers a player with.

import { h } from "./elements.js";

const SPEEDS = [0.5, 1, 2, 4, 10, 60];
// A longer list helps nobody find a message.
const MOST_FOLLOWED = 200;

export const NEXT = "Next event (right arrow)";

/** A button: a text or several parts on it, and what it is called. */
export function button(content, label, onclick, name = "") {
  return h("button", { type: "button", title: label, "aria-label": label, class: name, onclick }, ...[content].flat());
}

/** The controls of a player: what steers it, and how it is shown; `main` and `range` show how it stands. */
export function controls(player) {
  const { messages } = player.story;
  const main = button("", "", () => player.toggle(), "main");
  const range = h("input", { type: "range", min: 0, step: 0.01, value: 0, "aria-label": "Time",
    oninput: () => { player.pause(); player.go(Number(range.value)); } });
  const speed = h("select", { "aria-label": "Speed", onchange: () => { player.speed = Number(speed.value); } },
    ...SPEEDS.map((one) => h("option", { value: one, selected: one === 1 }, `${one}×`)));
  const proportions = h("input", { type: "checkbox", onchange: () => player.proportions(proportions.checked) });
  const follow = h("select", { "aria-label": "Follow", onchange: () => player.follow(follow.value) },
    h("option", { value: "" }, `all ${messages.length} messages`),
    ...messages.slice(0, MOST_FOLLOWED).map(({ index, name }) => h("option", { value: index }, name)));
  // Who sees jumps alone has it in the main button.
  const next = !player.isQuiet && button([word("Next "), "›"], NEXT, () => player.step(1));
  // On a phone their signs stand alone, so that the slider has room beside them.
  const dock = h("div", { class: "dock", role: "toolbar", "aria-label": "Replay" },
    button(["‹", word(" Back")], "Back to the previous event (left arrow)", () => player.step(-1)), main, next, range);
  const settings = h("div", { class: "settings", role: "group", "aria-label": "How it is shown" },
    !player.isQuiet && h("label", {}, "speed ", speed),
    h("label", {}, proportions, " real proportions"),
    messages.length > 1 && h("label", {}, "follow ", follow));
  return { dock, settings, main, next: next || null, range };
}

/** What it would do, and whether it does it now: one that waits for an answer says so when it is pressed. */
export function nameButton(one, name, waits) {
  // Who says what they read on it to their computer means this button.
  one.setAttribute("aria-label", name);
  one.setAttribute("title", waits ? "Waits for your answer to the question below" : name);
  one.setAttribute("aria-disabled", waits);
}

function word(text) {
  return h("span", { class: "word" }, text);
}
