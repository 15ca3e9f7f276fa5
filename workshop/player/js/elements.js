// Elements of a page, their texts, and the outlines of marks.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element; `null` and `false` among the children are left out. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== false));
  return node;
}

/** Text that is only written when it changed. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A bold text that would be too wide is drawn narrower. */
export function fitting(text, room, letter = 7.9) {
  return text.length * letter > room ? { textLength: room, lengthAdjust: "spacingAndGlyphs" } : {};
}

/** The outline of a mark around its middle: a shape says the same as its colour. */
export function outline(shape, r) {
  const points = {
    square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
    triangle: [[0, -1.3], [1.25, 0.95], [-1.25, 0.95]],
    octagon: [[-0.45, -1.1], [0.45, -1.1], [1.1, -0.45], [1.1, 0.45],
      [0.45, 1.1], [-0.45, 1.1], [-1.1, 0.45], [-1.1, -0.45]],
  }[shape];
  if (!points) return s("circle", { r, class: "shape" });
  return s("polygon", { points: points.map(([x, y]) => `${x * r},${y * r}`).join(" "), class: "shape" });
}

// Of a mark, in its radii: how wide what is written in it may be, and how wide a figure is.
const INSIDE = { circle: 1.7, square: 1.8, octagon: 1.8, diamond: 1.2, triangle: 1.1 };
const FIGURE = 0.86;

/** A mark with a number, which stays within its shape: one of many figures is drawn narrower. */
export function numbered(shape, r, number, attributes) {
  const text = String(number);
  return [outline(shape, r),
    s("text", { "text-anchor": "middle", ...fitting(text, INSIDE[shape] * r, FIGURE * r), ...attributes }, text)];
}
