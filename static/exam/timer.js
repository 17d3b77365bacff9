// Rule: remaining time is always deadline minus the server's now, never a number counted down. Shown silently,
// said politely at 30, 10, 5 and 1 minutes (once on waking up, when a mark was slept over) and on request. It
// reports zero; it decides nothing.

import { fill } from "../common/words.js";

const SAID_AT = [30, 10, 5, 1].map((minutes) => minutes * 60000);
const PUNCTUAL = 5000;   // ms after a mark in which its own number is still true

/** '3 menit 05 detik' of seconds. */
export function spell(words, seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (!minutes) return fill(words.seconds, { s: rest });
  return fill(rest ? words.both : words.minutes, { m: minutes, s: String(rest).padStart(2, "0") });
}

export class Timer {
  /** `hear`: {zero(), running()}; `say(text)` speaks politely. */
  constructor(clock, words, say, hear) {
    Object.assign(this, { clock, words, say, hear, ended: false });
    this.face = document.getElementById("time");
    document.getElementById("say").addEventListener("click", () => this.speak());
    setInterval(() => this.show(), 250);
  }

  /** The server told the deadline (again). */
  set(deadline) {
    if (deadline !== this.deadline) {
      this.deadline = deadline;
      this.before = this.left();
    }
    this.show();
  }

  /** Milliseconds that remain. */
  left() {
    return Math.max(0, this.deadline - this.clock.now());
  }

  show() {
    if (!this.deadline) return;
    const left = this.left();
    this.#write(left);
    const passed = SAID_AT.filter((mark) => this.before > mark && left <= mark).pop();
    if (passed && left > 0) this.speak(left > passed - PUNCTUAL ? passed / 1000 : undefined);
    this.before = left;
    if (left > 0 && this.ended) this.#turn(false);
    if (left === 0 && !this.ended && this.clock.sure) this.#turn(true);
  }

  speak(seconds = Math.ceil(this.left() / 1000)) {
    this.say(fill(this.words.left, { time: spell(this.words, seconds) }));
  }

  #turn(ended) {
    this.ended = ended;
    if (ended) this.hear.zero();
    else this.hear.running();
  }

  #write(left) {
    const text = spell(this.words, Math.ceil(left / 1000));
    if (text === this.face.textContent) return;
    this.face.textContent = text;
    this.face.dataset.near = left <= 60000 ? "1" : left <= 300000 ? "5" : "";
  }
}
