// Search over the series, on the index: its sections stand in the page, nothing is asked for.

const MOST_SHOWN = 20;
const AROUND = 60;

/** The sections in which every word of a query is found: those in whose heading first. Pure. */
export function found(sections, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return sections
    .map((section, number) => ({ section, number, rank: rankOf(section, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.number - b.number)
    .map(({ section }) => section);
}

/** How well a section answers: 0 where a word is missing, else 1 and 10 for each in its heading. */
function rankOf({ heading, page, text }, words) {
  const title = `${page} ${heading}`.toLowerCase();
  const all = `${title} ${text.toLowerCase()}`;
  if (!words.every((word) => all.includes(word))) return 0;
  return 1 + 10 * words.filter((word) => title.includes(word)).length;
}

/** A piece of text around the first word that is found in it, as [before, word, after]. Pure. */
export function around(text, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const low = text.toLowerCase();
  const places = words.map((word) => [low.indexOf(word), word.length]).filter(([at]) => at >= 0);
  if (!places.length) return [text.slice(0, 2 * AROUND), "", ""];
  const [at, length] = places.reduce((first, one) => (one[0] < first[0] ? one : first));
  const begin = at <= AROUND ? 0 : low.indexOf(" ", at - AROUND) + 1;
  const wanted = at + length + AROUND;
  const end = wanted >= text.length ? text.length : Math.max(text.lastIndexOf(" ", wanted), at + length);
  return [`${begin > 0 ? "… " : ""}${text.slice(begin, at)}`, text.slice(at, at + length),
    `${text.slice(at + length, end)}${end < text.length ? " …" : ""}`];
}

function start(page) {
  const form = page.getElementById("search");
  if (!form) return;
  const sections = JSON.parse(page.getElementById("sections").textContent);
  const [field, told, list] = ["input", "[role=status]", "ol"].map((name) => form.querySelector(name));
  const show = () => {
    const query = field.value.trim();
    const hits = found(sections, query);
    const more = hits.length > MOST_SHOWN ? `, the first ${MOST_SHOWN} are shown` : "";
    told.textContent = !query ? "" : `${hits.length === 1 ? "1 section" : `${hits.length || "no"} sections`}${more}`;
    list.replaceChildren(...hits.slice(0, MOST_SHOWN).map((hit) => row(page, hit, query)));
  };
  form.hidden = false;
  field.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  // After "back" a browser may have kept what was typed.
  show();
}

function row(page, { page: title, heading, text, address }, query) {
  const made = (name, ...parts) => {
    const node = page.createElement(name);
    node.append(...parts);
    return node;
  };
  const link = made("a", heading === title ? title : `${title}: ${heading}`);
  link.href = address;
  const [before, word, after] = around(text, query);
  return made("li", link, made("p", before, made("mark", word), after));
}

if (typeof document !== "undefined") start(document);
