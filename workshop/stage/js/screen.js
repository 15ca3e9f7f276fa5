// The stage's page, and the presenter's: state in, keys out.

import { h, say } from "../../player/js/elements.js";
import { spoken, waitsFor } from "../../player/js/steps.js";
import { Face } from "./face.js";
import { ownForm } from "./form.js";
import { asked, commandKeys, nextSpeed, speedWord } from "./keys.js";
import { legendOf } from "./legend.js";
import { Scenery } from "./scenery.js";
import { Turns } from "./turns.js";

const MOST_WAITS_TOLD = 2;
// So long it stands there why a key did nothing.
const REFUSED_MS = 4000;
// Of a wait "0 s left" says nothing.
const ALMOST_OVER_S = 0.5;
const GONE = "The program behind this stage has ended or was restarted, so nothing here is live any more. "
  + "Start it again (python3 start.py stage, or the notebook's cell) and open its new address.";
const EMPTY_STAGE = "Press a key: one of these scenes, or the space bar for the next one.";
const BUTTONS = [["next", "Next ␣"], ["back", "← Back"], ["freeze", "Freeze Z"], ["speed", "Speed V"],
  ["stop", "Stop S"], ["reset", "Reset R"], ["help", "?"]];

class Screen {
  constructor(page) {
    this.page = page;
    this.isStage = page.body.dataset.page === "stage";
    this.isQuiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.parts = Object.fromEntries([...page.querySelectorAll("[id]")].map((node) => [node.id, node]));
    this.state = null;
    this.scenes = [];
    this.t = 0;
    this.face = new Face(this.isQuiet);
    this.turns = new Turns({ face: this.face, isQuiet: this.isQuiet, now: () => performance.now(),
      later: (work, ms) => setTimeout(work, ms), show: (state, before) => this.show(state, before) });
    if (this.isStage) {
      this.scenery = new Scenery(this.parts.scenery, this.isQuiet);
      this.buttons = Object.fromEntries(BUTTONS.map(([what, word]) =>
        // No focus: the space bar means the next step, wherever one has clicked.
        [what, h("button", { type: "button", tabindex: -1, onclick: () => this.act([what]), onmousedown: (event) => event.preventDefault() }, word)]));
      this.parts.buttons.append(...Object.values(this.buttons));
      ownForm(this.parts.own, (own) => this.send({ do: "scene", name: "own", own }));
    }
    page.addEventListener("keydown", (event) => this.key(event));
    setInterval(() => this.tick(), 100);
    this.connect();
  }

  connect() {
    this.line = new WebSocket(`ws://${location.host}/live`);
    this.line.onmessage = ({ data }) => this.hear(JSON.parse(data));
    this.line.onclose = () => this.gone();
  }

  /** The first message tells which scenes there are, others why a key did nothing, or a state. */
  hear(message) {
    if (message.refused) { this.refuse(message.refused); return; }
    if (!message.scenes) {
      // What was pressed is confirmed at once, also while the clock is on its way.
      if (this.isStage) this.label(message);
      this.turns.hear(message);
      return;
    }
    this.scenes = message.scenes;
    if (this.isStage) this.help();
  }

  gone() {
    this.turns.coming = null;
    this.state = { ...(this.state ?? {}), phase: "gone", rate: 0 };
    this.page.body.dataset.phase = "gone";
    say(this.parts.sentence, GONE);
    say(this.parts.note, "");
  }

  send(message) {
    if (this.line.readyState === WebSocket.OPEN) this.line.send(JSON.stringify(message));
  }

  key(event) {
    if (event.target.matches("input, select, textarea")) return;
    const open = this.page.querySelector("dialog[open]");
    const what = asked(event, this.scenes);
    if (open) {
      // A key that closes what it opened does nothing else.
      if (what && ["help", "code", "stop"].includes(what[0])) { event.preventDefault(); open.close(); }
      return;
    }
    if (!what) return;
    event.preventDefault();
    this.act(what);
  }

  act([what, name]) {
    const { state } = this;
    if (what === "scene") this.send({ do: "scene", name });
    else if (what === "speed") this.send({ do: "speed", speed: nextSpeed((this.turns.coming ?? state)?.speed ?? "skip") });
    else if (what === "presenter") window.open("/presenter", "workshop-presenter", "width=1000,height=800");
    else if (what === "full") this.full();
    else if (["help", "code", "own"].includes(what)) this.parts[what]?.showModal?.();
    else this.send({ do: what });
  }

  full() {
    if (this.page.fullscreenElement) this.page.exitFullscreen();
    else this.page.documentElement.requestFullscreen?.();
  }

  /** Why a key did nothing, for a moment. */
  refuse(told) {
    say(this.parts.refused, told);
    clearTimeout(this.forgets);
    this.forgets = setTimeout(() => say(this.parts.refused, ""), REFUSED_MS);
  }

  show(state, before) {
    this.state = state;
    this.page.body.dataset.phase = state.phase;
    if (this.isStage) this.showStage(state, before);
    else this.showPresenter(state);
    this.tick();
  }

  showStage(state, before) {
    say(this.parts.title, state.scene ? state.scene.title : "The stage is empty");
    const isNew = before === null || before.shown !== state.shown || before.scene?.name !== state.scene?.name;
    if (state.facts) {
      const key = JSON.stringify(state.facts.runs);
      if (key !== this.key_of_facts) {
        this.key_of_facts = key;
        this.sentence = this.scenery.show(state.facts, isNew);
        this.legend = legendOf(state.facts);
      }
    } else {
      this.key_of_facts = null;
      this.sentence = this.legend = "";
      this.scenery.clear();
      if (state.phase !== "running") this.menu();
    }
    const isFailed = state.phase === "failed";
    const first = state.phase === "empty" ? EMPTY_STAGE : state.note;
    this.tell(isFailed || !this.sentence ? first : this.sentence);
    say(this.parts.note, isFailed || (!this.sentence && first === state.note) ? "" : `${this.remark(state)} ${this.legend}`.trim());
    this.payoff(state.payoff);
    this.label(state);
    this.calls(state.code);
  }

  /** What else there is to know of this moment: of late evidence when it is of, before what was set. */
  remark({ late_s: late, sure_s: sure, note }) {
    if (sure) return `Everything has come to an end. AWS's log may be late: it is looked at until +${spoken(sure)}.`;
    return late ? `AWS shows this ${spoken(late)} after it happened.` : note;
  }

  tell(text) {
    say(this.parts.sentence, text);
    this.parts.sentence.classList.toggle("long", text.length > 100);
  }

  menu() {
    const entry = (key, title, what) => h("li", {}, h("button", { type: "button", tabindex: -1,
      onmousedown: (event) => event.preventDefault(), onclick: () => this.act(what) }, h("kbd", {}, key.toUpperCase()), ` ${title}`));
    this.parts.scenery.replaceChildren(h("ul", { class: "menu" },
      ...this.scenes.map(({ key, name, title }) => entry(key, title, ["scene", name])),
      entry("f", "A message of your own", ["own"])));
  }

  payoff(rows) {
    this.parts.payoff.replaceChildren(...rows.map(([word, number, kind]) =>
      h("div", { class: kind }, h("dd", {}, String(number)), h("dt", {}, word))));
  }

  label({ speed, is_frozen: isFrozen, is_virtual: isVirtual, phase, is_working: isWorking, shown }) {
    const { speed: speedButton, freeze, stop, back, next } = this.buttons;
    say(next, isWorking ? "Working …" : "Next ␣");
    say(speedButton, isVirtual ? `V: ${speedWord(speed)}` : "real account");
    speedButton.disabled = !isVirtual;
    say(freeze, isFrozen ? "Z: frozen" : "Z: freeze");
    freeze.setAttribute("aria-pressed", String(isFrozen));
    stop.disabled = phase !== "running";
    back.disabled = !(shown > 1);
  }

  calls(code) {
    const { code: dialog } = this.parts;
    dialog.replaceChildren(h("h2", {}, "Calls of this scene, in boto3"),
      code.length ? h("pre", {}, code.join("\n\n")) : h("p", {}, "No scene has made any yet."),
      h("p", {}, h("button", { type: "button", onclick: () => dialog.close() }, "Close")));
  }

  help() {
    const { help: dialog } = this.parts;
    const rows = [...this.scenes.map(({ key, title }) => [key.toUpperCase(), title]), ...commandKeys()];
    dialog.replaceChildren(h("h2", {}, "Keys"), h("dl", { class: "keys" }, ...rows.map(([key, told]) =>
      h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, told)))),
    h("p", {}, h("button", { type: "button", onclick: () => dialog.close() }, "Close")));
  }

  showPresenter(state) {
    this.tell(state.phase === "failed" ? state.note : "");
    say(this.parts.note, state.phase === "failed" ? "" : state.note);
    this.parts.talk.replaceChildren(...(state.scene ? talk(state.scene, "Now") : []), ...talk(state.next, "Next"));
  }

  /** AWS's clock, and how long still for whoever waits. */
  tick() {
    const { state } = this;
    if (!state || state.phase === "gone") return;
    this.t = this.face.at(performance.now());
    if (!state.facts) { say(this.parts.clock, ""); this.waits([]); return; }
    const clock = new Date(state.facts.runs[0].start_ms + this.t * 1000).toISOString().slice(11, 19);
    say(this.parts.clock, `AWS's clock ${clock} UTC  +${spoken(this.t)}`);
    if (this.isStage) this.scenery.tell(this.t);
    if (this.isStage) this.waits(this.scenery.waits.filter(({ wait }) => wait.end_s - this.t >= ALMOST_OVER_S).slice(0, MOST_WAITS_TOLD));
  }

  waits(rows) {
    if (!this.isStage) return;
    const texts = rows.map(({ messages, wait }) => waitsFor(messages, wait, wait.end_s - Math.max(this.t, wait.start_s)));
    const { waits } = this.parts;
    while (waits.children.length > texts.length) waits.lastChild.remove();
    texts.forEach((text, i) => say(waits.children[i] ?? waits.appendChild(h("li")), text));
  }
}

function talk(scene, when) {
  return [h("h2", {}, `${when}: ${scene.title}`), h("p", { class: "minutes" }, `${when === "Next" ? "space, or " : ""}key ${scene.key.toUpperCase()}, about ${scene.minutes} minutes`),
    h("p", { class: "ask" }, h("strong", {}, "Ask: "), scene.question),
    ...(when === "Now" ? [h("h3", {}, "Say"), h("ul", {}, ...scene.points.map((one) => h("li", {}, one))),
      ...(scene.wrong.length ? [h("h3", {}, "Often guessed"), h("ul", {}, ...scene.wrong.map((one) => h("li", {}, one)))] : [])] : [])];
}

new Screen(document);
