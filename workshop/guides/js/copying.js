// A button at each piece of code, which copies exactly what the cell holds.

const TOLD_MS = 2000;
// What has to be done by hand is read first.
const ASKED_MS = 10_000;
// Of cells, and of texts: solutions and examples. What came out of a cell is nobody's to run.
const CODE = "#content :is(.cell > .highlight > pre, .prose pre)";

export function offerCopies(page) {
  const status = page.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  page.body.append(status);
  for (const code of page.querySelectorAll(CODE)) {
    if (!code.closest(".output, .answers")) code.prepend(buttonOf(page, code, status));
  }
}

function buttonOf(page, code, status) {
  const text = sourceOf(code);
  const what = nameOf(code);
  const button = page.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${what}`);
  let timer = 0;
  const say = (shown, heard) => {
    button.textContent = shown;
    button.classList.toggle("told", heard !== "");
    status.textContent = heard;
  };
  button.addEventListener("click", async () => {
    clearTimeout(timer);
    const isDone = await isCopied(page, text, button);
    if (isDone) say("Copied", `Copied ${what}.`);
    else {
      page.getSelection().selectAllChildren(code);
      const keys = /Mac|iP/.test(navigator.platform) ? "⌘C" : "Ctrl+C";
      say(`Press ${keys}`, `This browser lets no page copy: ${what} is selected, press ${keys}.`);
    }
    timer = setTimeout(say, isDone ? TOLD_MS : ASKED_MS, "Copy", "");
  });
  return button;
}

/** What the cell holds: its blank lines at the ends are not shown, and lines end with the last one. */
function sourceOf(code) {
  const whole = code.closest(".cell")?.dataset.source;
  return whole ?? code.textContent.replace(/\n$/, "");
}

function nameOf(code) {
  const cell = code.closest(".cell")?.getAttribute("aria-label");
  if (cell) return cell.trim().toLowerCase();
  return code.closest("details") ? "the solution" : "this code";
}

/** Whether it is on the clipboard now: by the browser, or where that is refused as in older ones. */
async function isCopied(page, text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = page.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    page.body.append(field);
    field.select();
    const isDone = page.execCommand("copy");
    field.remove();
    button.focus({ preventScroll: true });
    return isDone;
  }
}
