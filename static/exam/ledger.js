// Rule: how long, and why. What was granted stands beside the remaining time as a sum and, unfolded, entry by entry:
// how much, the reason, and who granted it. The ledger only grows, so a shorter one is an old one.

import { fill } from "../common/words.js";
import { spell } from "./timer.js";

/** A reason as a part of a longer sentence, which has a full stop of its own. */
export const bare = (reason) => reason.trim().replace(/\.+$/, "");

export class Ledger {
  constructor(words) {
    this.words = words;
    this.entries = null;
    this.scope = document.getElementById("scope");
    this.why = document.getElementById("why");
  }

  /** The entries that are new in {allowed_seconds, extra_seconds, ledger}; null when what is known is newer. */
  learn({ allowed_seconds: allowed, extra_seconds: extra, ledger = [] }) {
    const before = this.entries || ledger;
    if (ledger.length < before.length) return null;
    this.entries = ledger;
    const minutes = { minutes: Math.round(allowed / 60), extra: Math.round(extra / 60) };
    this.scope.textContent = fill(this.words.scope, minutes);
    this.why.querySelector("summary").textContent = fill(this.words.scope_extra, minutes);
    this.scope.hidden = extra > 0;
    this.why.hidden = extra <= 0;
    this.why.querySelector("ul").replaceChildren(...ledger.map((entry) => this.#line(entry)));
    return ledger.slice(before.length);
  }

  #line({ kind, seconds, reason, author }) {
    const { kinds, entry, by } = this.words.ledger;
    const line = document.createElement("li");
    const said = [fill(entry, { kind: kinds[kind], time: spell(this.words, seconds) })];
    if (author) said.push(bare(reason), fill(by, { author }));
    line.textContent = said.join(". ");
    return line;
  }
}
