// What marks mean that do not say it themselves, where there are some. Pure.

/** A sentence for each kind of them that is on the screen. */
export function legendOf(facts) {
  const unseen = facts.runs.flatMap(({ messages }) => messages.flatMap((message) => message.unseen));
  const hasPassed = unseen.some(({ batch_size: size }) => size > 0);
  const hasCounted = unseen.some(({ batch_size: size }) => !size);
  const hasShared = facts.runs.some(({ messages }) => messages.some(({ attempts }) =>
    attempts.some(({ outcome }) => outcome === "shared")));
  return [hasShared ? "Pale mark: done, but its batch failed." : "", hasCounted ? "?: received, no log line." : "", hasPassed ? "-: in a batch, not tried." : ""]
    .filter(Boolean).join(" ");
}
