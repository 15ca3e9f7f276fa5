// Which key does what; the same table makes the help.

const SCENE_KEYS = [
  ["1", "sqs", "SQS with a dead-letter queue"], ["2", "destinations", "Lambda destinations"],
  ["3", "function-dlq", "The function's own DLQ"], ["4", "fourth-path", "SNS cannot reach the function"],
  ["5", "batches", "Partial batches"], ["6", "fifo", "A FIFO queue that is blocked"],
  ["7", "time-out", "A time-out"], ["8", "outage", "An outage"], ["9", "poison", "A poison message"],
  ["0", "redrive", "Redrive"], ["a", "compare", "One order on all four paths"],
];
const COMMAND_KEYS = [
  ["Space", "one step forward: next event, or next scene"], ["←", "one event back"],
  ["S", "stop the scene"], ["R", "reset: empty the stage"],
  ["Z", "freeze: stop at every event"], ["V", "speed: skip, 60×, 10×, real"],
  ["F", "a message of your own"], ["C", "calls of the scene, in boto3"],
  ["P", "presenter's view, in a second window"], ["Enter", "full screen"], ["?", "these keys"],
];

/** What a key asks for: `["scene", name]`, or one word; null: nothing. */
export function asked({ key, ctrlKey, metaKey, altKey, repeat }) {
  if (ctrlKey || metaKey || altKey || repeat) return null;
  const scene = SCENE_KEYS.find(([one]) => one === key.toLowerCase());
  if (scene) return ["scene", scene[1]];
  const word = { " ": "next", arrowright: "next", arrowleft: "back", backspace: "back", s: "stop", escape: "stop", r: "reset",
    z: "freeze", v: "speed", f: "own", c: "code", p: "presenter", enter: "full", "?": "help", h: "help" }[key.toLowerCase()];
  return word ? [word] : null;
}

export function sceneKeys() {
  return SCENE_KEYS;
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
