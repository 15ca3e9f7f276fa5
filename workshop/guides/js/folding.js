// All code of a page can be folded: who reads for what happened needs none of it.

const CELLS = "#content .cell:has(> .highlight)";

export function offerFolding(page) {
  const cells = [...page.querySelectorAll(CELLS)];
  if (cells.length === 0) return;
  const button = (name, onclick) => Object.assign(page.createElement("button"), { type: "button", className: name, onclick });
  // One for a page, or, of all guides in one file, one for each chapter: all of them fold all.
  const chapters = [...page.querySelectorAll("nav.chapter-top")];
  const places = [page.querySelector("nav.contents") ?? page.querySelector("#content h1")?.parentElement, ...chapters].filter(Boolean);
  const foldings = places.map((place) => button("folding", () => fold(!page.body.classList.contains("code-folded"), place)));
  // Of each cell its own, for as long as all are folded.
  const own = cells.map((cell) => {
    const unfolding = button("unfolding", () => show(cell, unfolding, !cell.classList.contains("unfolded")));
    cell.prepend(unfolding);
    return unfolding;
  });

  function fold(isFolded, place) {
    const before = place?.getBoundingClientRect().top;
    page.body.classList.toggle("code-folded", isFolded);
    for (const folding of foldings) folding.textContent = isFolded ? "Show all code" : "Fold all code";
    cells.forEach((cell, i) => show(cell, own[i], false));
    // What was pressed stays where it is, whatever became shorter above it.
    if (place) page.defaultView.scrollBy({ top: place.getBoundingClientRect().top - before, behavior: "instant" });
  }

  fold(false);
  places.forEach((place, i) => place.append(foldings[i]));
}

function show(cell, button, isShown) {
  cell.classList.toggle("unfolded", isShown);
  button.textContent = `${isShown ? "Fold" : "Show"} ${(cell.getAttribute("aria-label") ?? "code").trim().toLowerCase()}`;
  button.setAttribute("aria-expanded", isShown);
}
