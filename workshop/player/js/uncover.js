// What has the focus is not behind what stays in sight.

/** Scroll until an element lies between what sticks above it and what sticks below. */
export function uncover(target, above, below) {
  const [box, top, bottom] = [target, above, below].map((one) => one.getBoundingClientRect());
  const low = isSticky(below) ? box.bottom - bottom.top : 0;
  const high = isSticky(above) ? box.top - top.bottom : 0;
  if (low > 0) scrollBy(0, low + 4);
  else if (high < 0) scrollBy(0, high - 4);
}

function isSticky(node) {
  return getComputedStyle(node).position === "sticky";
}
