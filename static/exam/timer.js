// Rule: remaining time is always deadline minus the server's now, never a number counted down. Shown silently,
// said politely at 30, 10, 5 and 1 minutes and on request. It reports zero; it decides nothing.

import { fill } from "../common/words.js";

const SAID_AT = [30, 10, 5, 1];

export class Timer {
  /** `hear`: {zero(), running()}; `say(text)` speaks politely. */
  constructor(clock, words, say, hear) {
    Object.assign(this, { clock, words, say, hear, ended: false });
    this.face = document.getElementById("time");
    this.scope = document.getElementById("scope");
    document.getElementById("say").addEventListener("click", () => this.speak());
    setInterval(() => this.show(), 250);
  }

  /** The server told the deadline (again). */
  set(state) {
    this.state = state;
    const minutes = Math.round(state.allowed_seconds / 60);
    const extra = Math.round(state.extra_seconds / 60);
    this.scope.textContent = fill(extra ? this.words.scope_extra : this.words.scope, { minutes, extra });
    this.before = this.left();
    this.show();
  }

  /** Milliseconds that remain. */
  left() {
    return Math.max(0, this.state.deadline_at - this.clock.now());
  }

  show() {
    if (!this.state) return;
    const left = this.left();
    this.#write(left);
    for (const minutes of SAID_AT) {
      const mark = minutes * 60000;
      if (this.before > mark && left <= mark && left > mark - 5000) this.speak(minutes * 60);
    }
    this.before = left;
    if (left > 0 && this.ended) this.#turn(false);
    if (left === 0 && !this.ended && this.clock.sure) this.#turn(true);
  }

  speak(seconds = Math.ceil(this.left() / 1000)) {
    this.say(fill(this.words.left, { time: this.#text(seconds) }));
  }

  #turn(ended) {
    this.ended = ended;
    if (ended) this.hear.zero();
    else this.hear.running();
  }

  #write(left) {
    const text = this.#text(Math.ceil(left / 1000));
    if (text === this.face.textContent) return;
    this.face.textContent = text;
    this.face.dataset.near = left <= 60000 ? "1" : left <= 300000 ? "5" : "";
  }

  #text(seconds) {
    const minutes = Math.floor(seconds / 60);
    const rest = seconds % 60;
    if (!minutes) return fill(this.words.seconds, { s: rest });
    return fill(rest ? this.words.both : this.words.minutes, { m: minutes, s: String(rest).padStart(2, "0") });
  }
}
