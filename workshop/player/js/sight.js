// What somebody plays is brought into sight, once.

const MARGIN = 12;

/** The player's picture in what is scrolled: the window, in JupyterLab a part of it. */
export class Sight {
  /** `parts()`: the `picture`, all `runs` around it, and what stays beside them, `head` and `dock`. */
  constructor(body, parts, isQuiet) {
    this.parts = parts;
    this.behavior = isQuiet ? "instant" : "smooth";
    this.isBrought = false;
    // Who comes back to it from elsewhere has not seen it yet.
    this.observer = new IntersectionObserver((all) => this.see(all));
    this.observer.observe(body);
  }

  see(all) {
    if (all.length) this.isBrought &&= all.at(-1).isIntersecting;
  }

  /** At the first press; from then on whoever scrolls has it as they want it. */
  bring() {
    // What was seen before this press says nothing about what it brings.
    this.see(this.observer.takeRecords());
    if (this.isBrought) return;
    this.isBrought = true;
    const { picture, runs, head, dock } = this.parts();
    const [room, above, below] = [roomAround(runs), head.offsetHeight + MARGIN, dock.offsetHeight + MARGIN];
    const { what, beside, block } = toSee(room, { picture: picture.getBoundingClientRect().height,
      runs: runs.offsetHeight, above, below });
    const node = what === "runs" ? runs : picture;
    node.style.scrollMarginTop = `${beside ? above + topIn(runs, node) : 0}px`;
    node.style.scrollMarginBottom = `${below}px`;
    const into = () => node.scrollIntoView({ block, inline: "nearest", behavior: "instant" });
    scrollAs(into, [document.scrollingElement, ...scrolledAround(node)], this.behavior);
  }

  end() {
    this.observer.disconnect();
  }
}

/** As much as there is room for: all with the sentence above, the picture with it, the picture's top.
 *
 * Pure; heights in pixels of the screen.
 */
export function toSee(room, { picture, runs, above, below }) {
  const free = room - above - below;
  if (runs <= free) return { what: "runs", beside: true, block: "nearest" };
  if (picture <= free) return { what: "picture", beside: true, block: "nearest" };
  // Of a picture that is higher than the room its beginning is seen, with the sentence where that is low.
  return { what: "picture", beside: above < room / 2, block: "start" };
}

/** What stands in the runs above one of their pictures, such as its title. */
function topIn(runs, node) {
  const run = node.parentNode;
  return node === runs ? 0 : node.getBoundingClientRect().top - run.getBoundingClientRect().top;
}

/** How high the lowest window is that an element is seen through. */
function roomAround(node) {
  return Math.min(innerHeight, ...scrolledAround(node).map((one) => one.clientHeight));
}

/** What of the page can be scrolled and holds an element, without the window. */
function scrolledAround(node) {
  const around = [];
  for (let one = node.parentElement; one && one !== document.body; one = one.parentElement) {
    if (one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY)) around.push(one);
  }
  return around;
}

/** Scroll as `into` does at once, so that whoever scrolls meanwhile has it as they want it. */
function scrollAs(into, ports, behavior) {
  const from = ports.map((port) => port.scrollTop);
  into();
  const to = ports.map((port) => port.scrollTop);
  if (behavior === "instant") return;
  ports.forEach((port, i) => port.scrollTo({ top: from[i], behavior: "instant" }));
  ports.forEach((port, i) => port.scrollTo({ top: to[i], behavior }));
  yieldToHands(ports, () => ports.every((port, i) => Math.abs(port.scrollTop - to[i]) <= 1));
}

/** A browser goes on with a scrolling of ours against the hand of who scrolls: then it ends where it is.
 *
 * The end of another scrolling, such as the one before a press, is not yet the end of ours.
 */
function yieldToHands(ports, isThere) {
  const done = new AbortController();
  const stop = () => {
    done.abort();
    for (const port of ports) port.scrollTo({ top: port.scrollTop, behavior: "instant" });
  };
  for (const hand of ["wheel", "touchmove"]) addEventListener(hand, stop, { passive: true, signal: done.signal });
  addEventListener("scrollend", () => { if (isThere()) done.abort(); }, { capture: true, signal: done.signal });
}
