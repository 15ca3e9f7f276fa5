// The place below the controls: questions, and what AWS showed of an event or of a mark.

import { h } from "./elements.js";

export class Below {
  /** `box`: where questions stand, above the evidence. */
  constructor(box) {
    this.evidence = h("div", { class: "evidence" });
    // What has no room on a phone, whose scrollbars are not seen: that it goes on, and a way to all of it.
    this.rest = h("div", { class: "rest" }, h("button", { type: "button", onclick: () => this.showAll() }, "Show all of it"));
    // Once begun as high as it is, whatever stands in it: nothing below the player moves while it is stepped through.
    this.element = h("div", { class: "below", role: "group", "aria-label": "Evidence", tabindex: 0,
      onscroll: () => this.tellRest() }, box, this.evidence, this.rest);
    this.observer = new ResizeObserver(() => this.tellRest());
    for (const one of [box, this.evidence, this.element]) this.observer.observe(one);
  }

  /** From the first press on, the evidence has its whole room; until then nobody needs it. */
  begin() {
    this.element.classList.add("begun");
  }

  /** As high as a question is at most. */
  keepFree(height) {
    this.element.style.setProperty("--asked", `${height}px`);
  }

  /** What is scrolled to is not behind what sticks so high at the top of the window. */
  standBehind(height) {
    this.element.style.scrollMarginTop = this.evidence.style.scrollMarginTop = `${height}px`;
  }

  /** What an event brought, in the room that every event has. */
  tell(parts) {
    this.element.classList.remove("opened");
    this.fill(parts);
  }

  /** What somebody wants to see: on a phone all of it, however long it is. */
  open(parts) {
    this.element.classList.add("opened");
    this.fill(parts);
    this.element.scrollIntoView({ block: "nearest" });
    this.element.scrollTop = this.evidence.offsetTop - this.element.firstChild.offsetTop;
    this.evidence.scrollIntoView({ block: "nearest" });
  }

  showAll() {
    this.element.classList.add("opened");
    // The button is gone.
    this.element.focus({ preventScroll: true });
  }

  fill(parts) {
    this.evidence.replaceChildren(...parts);
    this.element.scrollTop = 0;
  }

  tellRest() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    this.element.classList.toggle("cut", scrollTop + clientHeight < scrollHeight - 1);
  }

  end() {
    this.observer.disconnect();
  }
}
