// The keys that steer a player.

/** Do what a key says, unless it belongs to what has the focus. */
export function steer(player, event) {
  const { target, key } = event;
  event.stopPropagation();
  const isTyping = target.matches("select, input:not([type=range]):not([type=checkbox])");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === " " && !target.matches("button, input[type=checkbox]")) player.toggle();
  else if (key === "ArrowRight") player.step(1);
  else if (key === "ArrowLeft") player.step(-1);
  else if (key === "Home") player.first();
  else if (key === "End") player.last();
  else return;
  event.preventDefault();
}
