// Rule: the way out when the network does not come back: a file of what the server never confirmed. It is evidence that
// staff can load, not a saved answer, and holds nothing secret. Offered when it is needed, and wherever it is shown.

const AWAY = 60000;   // ms without the server after which it is offered

/** What is in the file; `now` is the server's time as far as this device knows it. */
export function rescueFile({ attempt, paper, lease, own, now }) {
  const entries = [...own].map(([position, { seq, option, flagged, at = null }]) => (
    { position, seq, option, flagged, chosen_at: at }));
  return { kind: "rescue", version: 1, attempt, paper, made_at: Math.round(now), wall_at: Date.now(), lease, entries };
}

export class Rescue {
  /** `make()` tells what goes into the file. */
  constructor(make) {
    this.places = [...document.querySelectorAll(".rescue")];
    this.away = performance.now();
    for (const place of this.places) {
      place.querySelector("button").addEventListener("click", () => this.#download(rescueFile(make())));
    }
  }

  /** The server is reached, or is not. */
  turn(reached) {
    if (reached) this.away = null;
    else this.away ??= performance.now();
  }

  /** True when it is offered now and was not before. */
  offer(unsent, over) {
    const lost = this.away !== null && performance.now() - this.away >= AWAY;
    const offered = unsent > 0 && (over || lost);
    const before = !this.places[0].hidden;
    for (const place of this.places) place.hidden = !offered;
    return offered && !before;
  }

  #download(file) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
    link.download = `penyelamat-${file.attempt}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }
}
