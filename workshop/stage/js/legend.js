// What marks without a number mean, where there are some. Pure.

/** A sentence for each kind of receive without an attempt that is on the screen. */
export function legendOf(facts) {
  const unseen = facts.runs.flatMap(({ messages }) => messages.flatMap((message) => message.unseen));
  const hasPassed = unseen.some(({ batch_size: size }) => size > 0);
  const hasCounted = unseen.some(({ batch_size: size }) => !size);
  return [hasCounted ? "?: received, no log line." : "", hasPassed ? "-: in a batch, not tried." : ""]
    .filter(Boolean).join(" ");
}
