// Rule: only when the office wants to know, and the waiting room said so, a page tells that it was left and that it is
// back. It tells over the socket or not at all: nothing is kept, repeated or sent later, and nothing follows from it.

const MOMENT = 1500;   // ms without the focus that are nobody's business: a notification, the keyboard of a phone

export class Watch {
  /** `room`: the page's seat; `on`: whether anything is told. */
  constructor(room, on) {
    Object.assign(this, { room, on: Boolean(on), away: false });
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("focus", () => this.#look());
    addEventListener("blur", () => setTimeout(() => this.#look(), MOMENT));
  }

  turn(on) {
    this.on = Boolean(on);
  }

  /** The page has its seat again: whatever was told of it before, it is here now. */
  seated() {
    this.away = document.hidden;
    this.#tell();
  }

  #look() {
    const away = document.hidden || !document.hasFocus();
    if (away === this.away) return;
    this.away = away;
    this.#tell();
  }

  #tell() {
    if (!this.on || !this.room.seated || !this.room.live.connected) return;
    this.room.tell("attention", { kind: this.away ? "left" : "back" }).catch(() => undefined);
  }
}
