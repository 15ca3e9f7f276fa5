// Which key does what; the same table makes the help. Which key begins a scene the server tells.

const COMMAND_KEYS = [
  ["Space", "one step forward: next event, or next scene"], ["←", "one event back"],
  ["S", "stop the scene"], ["R", "reset: delete what lies in its queues, a notebook's too"],
  ["Z", "freeze: stop at every event"], ["V", "speed: skip, 60×, 10×, real"],
  ["F", "a message of your own"], ["C", "calls of the scene, in boto3"],
  ["P", "presenter's view, in a second window"], ["Enter", "full screen"], ["?", "these keys"],
];

/** What a key asks for: `["scene", name]`, or one word; null: nothing. */
export function asked({ key, ctrlKey, metaKey, altKey, repeat }, scenes) {
  if (ctrlKey || metaKey || altKey || repeat) return null;
  const scene = scenes.find((one) => one.key === key.toLowerCase());
  if (scene) return ["scene", scene.name];
  const word = { " ": "next", arrowright: "next", arrowleft: "back", backspace: "back", s: "stop", escape: "stop", r: "reset",
    z: "freeze", v: "speed", f: "own", c: "code", p: "presenter", enter: "full", "?": "help", h: "help" }[key.toLowerCase()];
  return word ? [word] : null;
}

export function commandKeys() {
  return COMMAND_KEYS;
}

const SPEED_WORDS = { skip: "waits skipped", 60: "60×", 10: "10×", real: "real time" };

export function speedWord(speed) {
  return SPEED_WORDS[speed] ?? speed;
}

/** The speed that follows another one. */
export function nextSpeed(speed) {
  const all = ["skip", "60", "10", "real"];
  return all[(all.indexOf(speed) + 1) % all.length];
}
