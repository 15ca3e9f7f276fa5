// Where the player plays: in a page, in a notebook.

import { play } from "./player.js";

/** In a page: every element that carries facts becomes a player, and what tells its answers is folded. */
export function playAll(page) {
  for (const told of page.querySelectorAll("details.whole-picture")) told.open = false;
  return [...page.querySelectorAll("[data-player-facts]")].map((element) =>
    play(element, JSON.parse(element.getAttribute("data-player-facts"))));
}

/** In a notebook: anywidget calls this for each view of the widget. */
function render({ model, el }) {
  const element = el.appendChild(document.createElement("div"));
  let player = null;
  const begin = () => {
    player?.end();
    player = play(element, model.get("facts"), {
      answers: model.get("answers"),
      onAnswer: (answers) => {
        model.set("answers", answers);
        model.save_changes();
      },
    });
  };
  const know = () => player.know(model.get("answers"));
  const alone = () => player.alone("The kernel was restarted: this player still plays, and what you "
    + "answer stays here. Run the cell again to have it in a variable.");
  model.on("change:facts", begin);
  model.on("change:answers", know);
  model.on("comm_live_update", alone);
  begin();
  return () => {
    model.off("change:facts", begin);
    model.off("change:answers", know);
    model.off("comm_live_update", alone);
    player.end();
  };
}

export default { render };
