// All code of a page can be folded: who reads for what happened needs none of it.

const CELLS = "#content .cell:has(> .highlight)";

export function offerFolding(page) {
  const cells = [...page.querySelectorAll(CELLS)];
  if (cells.length === 0) return;
  const button = (name, onclick) => Object.assign(page.createElement("button"), { type: "button", className: name, onclick });
  const folding = button("folding", () => fold(!page.body.classList.contains("code-folded")));
  // Of each cell its own, for as long as all are folded.
  const own = cells.map((cell) => {
    const unfolding = button("unfolding", () => show(cell, unfolding, !cell.classList.contains("unfolded")));
    cell.prepend(unfolding);
    return unfolding;
  });

  function fold(isFolded) {
    page.body.classList.toggle("code-folded", isFolded);
    folding.textContent = isFolded ? "Show all code" : "Fold all code";
    cells.forEach((cell, i) => show(cell, own[i], false));
  }

  fold(false);
  (page.querySelector("nav.contents") ?? page.querySelector("#content h1")?.parentElement)?.append(folding);
}

function show(cell, button, isShown) {
  cell.classList.toggle("unfolded", isShown);
  button.textContent = `${isShown ? "Fold" : "Show"} ${(cell.getAttribute("aria-label") ?? "code").trim().toLowerCase()}`;
  button.setAttribute("aria-expanded", isShown);
}
