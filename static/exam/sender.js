// Rule: sending what the outbox holds: one list at a time, again and again with jitter, until each answer is on disk.
// Nothing leaves before the device itself has kept it.
import { PATIENCE, backoff, sleep } from "../common/live.js";

export class Sender {
  /** `hear`: {changed(), over(), newer()}. */
  constructor(outbox, room, hear) {
    Object.assign(this, { outbox, room, hear, busy: false, again: false, wakeUp: () => {} });
  }

  /** There may be something to send; `now` also cuts a back-off short. */
  poke(now = false) {
    if (now) this.wakeUp();
    this.again = true;
    if (!this.busy) this.#run();
  }

  async #run() {
    this.busy = true;
    let turn = 0;
    while (await this.#ready() || this.again) {
      this.again = false;
      const items = this.room.seated ? this.outbox.unsent() : [];
      const progress = !items.length || await this.#flight(items);
      turn = progress ? 0 : turn + 1;
      if (!progress) await this.#rest(backoff(turn));
    }
    this.busy = false;
  }

  /** True when there is something to send, all of it is kept here, and the seat is held. */
  async #ready() {
    await this.outbox.written();
    return this.room.seated && this.outbox.unsent().length > 0;
  }

  /** A late answer still counts when it comes; the next flight only does not wait for it any longer. */
  #flight(items) {
    const lease = this.room.lease;
    const answered = this.room.save(items).then((answer) => this.#hear(answer, items, lease), () => false);
    return Promise.race([answered, sleep(PATIENCE).then(() => false)]);
  }

  #rest(ms) {
    return Promise.race([sleep(ms), new Promise((done) => { this.wakeUp = done; })]);
  }

  /** True when something was settled. */
  #hear(answer, items, lease) {
    const fates = answer.items || [];
    const sent = new Map(items.map((item) => [item.position, item]));
    let known = true;
    for (const fate of fates) {
      if (sent.has(fate.position)) known = this.outbox.settle(sent.get(fate.position), fate) && known;
    }
    const has = (...states) => fates.some((fate) => states.includes(fate.state));
    if (!known) this.hear.newer();
    if (has("taken_over") && lease === this.room.lease && !this.room.joining) this.room.freeze();
    if (has("deadline_passed", "closed")) this.hear.over();
    if (has("signed_out", "not_started") || (!answer.ok && !fates.length)) {
      this.room.refuse(answer.ok ? { code: "sign_in_needed" } : answer);
    }
    this.hear.changed();
    const left = this.outbox.unsent();
    return items.some((item) => !left.some((one) => one.position === item.position && one.seq === item.seq));
  }
}
