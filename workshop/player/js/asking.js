// Questions: the form, and what is said to an answer.

import { button } from "./controls.js";
import { h } from "./elements.js";
import { judged } from "./seen.js";

const FIRST = "Answer first, or press Show me: then it goes on.";
const CHOOSE = "Choose one of them, or press Show me.";
const TYPE = "Type a number, or press Show me.";

export class Asking {
  /** `onAnswer(question, answer)` hears each answer to one of the questions; null is "show me". */
  constructor(questions, onAnswer) {
    this.questions = questions;
    this.onAnswer = onAnswer;
    this.question = null;
    this.box = h("div", { class: "question" });
  }

  ask(question) {
    this.question = question;
    // What was said to the answer before stays to be read.
    const said = this.box.querySelector(".verdict");
    this.box.replaceChildren(...(said ? [said] : []), this.form(question));
    this.focus();
  }

  form(question) {
    const name = `answer-${Math.random().toString(36).slice(2)}`;
    const hint = h("p", { class: "hint soft", role: "alert" });
    const form = h("form", { novalidate: "", onsubmit: (event) => {
      event.preventDefault();
      const value = new FormData(form).get(name);
      if (value !== null && value !== "") this.answer(Number(value));
      else hint.textContent = question.choices ? CHOOSE : TYPE;
    } }, h("fieldset", {}, h("legend", {}, question.text), ...fields(question, name),
      h("button", { type: "submit" }, "Answer"),
      button("Show me", "Show me, and go on without an answer", () => this.answer(null)), hint));
    return form;
  }

  focus() {
    this.box.querySelector("input").focus({ preventScroll: true });
    this.box.scrollIntoView({ block: "nearest" });
  }

  /** Say that it waits for an answer, to who wants to go on. */
  remind() {
    // A text of its own each time, so that it is said each time.
    this.box.querySelector(".hint").replaceChildren(FIRST);
    this.focus();
  }

  /** Ask no more, until somebody comes to the question again; whether it had the focus. */
  withdraw() {
    if (!this.question) return false;
    const hadFocus = this.box.contains(document.activeElement);
    this.question = null;
    this.box.replaceChildren();
    return hadFocus;
  }

  /** How high a question is at most, with what was said to the one before it: so much is kept free. */
  mostHeight() {
    return Math.max(0, ...this.questions.map((question, i) => {
      const before = i ? [h("p", { class: "verdict" }, ...longestVerdict(this.questions[i - 1]))] : [];
      const trial = h("div", { class: "question trial" }, ...before, this.form(question));
      trial.querySelector(".hint").textContent = FIRST;
      this.box.after(trial);
      const { offsetHeight } = trial;
      trial.remove();
      return offsetHeight;
    }));
  }

  answer(answer) {
    const { question } = this;
    this.settle(answer);
    this.onAnswer(question, answer);
  }

  /** Close the question, and say whether its answer is right. */
  settle(answer) {
    const { question } = this;
    this.question = null;
    this.box.replaceChildren(h("p", { class: "verdict", role: "status" }, ...verdict(question, answer)));
  }

  /** Say no more of an answer: who goes back to before its question has not heard it yet. */
  forget() {
    if (!this.question) this.box.replaceChildren();
  }
}

function longestVerdict(question) {
  const answers = question.choices ? question.choices.keys() : [question.answer, null];
  return [...answers].map((answer) => verdict(question, answer))
    .reduce((most, parts) => (lengthOf(parts) > lengthOf(most) ? parts : most));
}

function lengthOf(parts) {
  return parts.reduce((sum, part) => sum + (part.textContent ?? part).length, 0);
}

/** What is said to an answer, and where it is wrong or there is none what is right. */
function verdict(question, answer) {
  const right = question.choices?.find((choice) => choice.is_right);
  if (answer === null) {
    return [h("strong", {}, "The answer: "), right ? `${right.text} ${right.told}` : question.told ?? ""];
  }
  const { isRight, told } = judged(question, answer);
  const said = question.choices ? question.choices[answer].text.replace(/\.$/, "") : `${answer} ${question.unit ?? ""}`;
  const judgement = [h("strong", {}, isRight ? "✓ Right. " : "✗ Not quite. "), `You said: ${said}. ${told ?? ""}`];
  return isRight || !right ? judgement : [...judgement, h("strong", {}, " The answer: "), right.text];
}

function fields({ choices, text, unit }, name) {
  if (!choices) {
    return [h("label", {}, h("input", { type: "number", step: "any", name, "aria-label": text }), ` ${unit ?? ""}`)];
  }
  return choices.map((choice, value) =>
    h("label", {}, h("input", { type: "radio", name, value }), ` ${choice.text}`));
}
