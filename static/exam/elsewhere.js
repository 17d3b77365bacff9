// Rule: when the exam is open in more than one place, one writes, and the other says why it stopped. A tab of this
// browser hands over what it holds; what another device took over is sent once under the old lease: it is not stored
// as an answer, but kept as evidence. An official may have released this device: then nobody writes until somebody
// sits down again.
import { backoff, sleep } from "../common/live.js";
import { fill } from "../common/words.js";
import { OneTab } from "./tab.js";

const REFUSED = ["taken_over", "closed", "deadline_passed"];

export class Elsewhere {
  /** `words`: {tab, device, released, titles, late, evidence, not_reached}; `changed()`: this page may write, or no longer. */
  constructor(room, outbox, words, changed) {
    Object.assign(this, { room, outbox, words, changed, by: null });
    this.dialog = document.getElementById("elsewhere");
    this.title = document.getElementById("elsewhere-title");
    this.text = document.getElementById("elsewhere-text");
    this.told = document.getElementById("elsewhere-left");
    this.tab = new OneTab(outbox.attempt, {
      busy: () => this.#stop("tab"),
      mine: () => this.#begin(),
      lost: () => this.#stop("tab"),
    });
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    document.getElementById("here").addEventListener("click", () => this.#here());
  }

  /** True while another place writes. */
  get waits() {
    return this.by !== null;
  }

  /** Join, or wait until no other tab writes. */
  enter() {
    this.tab.enter();
  }

  /** The server gave the lease to another page, or (`released`) to nobody. */
  taken(released = false) {
    if (!this.waits) this.#stop(released ? "released" : "device");
    else if (released && this.by === "device") this.#explain("released");
  }

  /** This page holds the seat. */
  settled() {
    this.by = null;
    this.dialog.close();
    this.changed();
  }

  #stop(by) {
    const items = this.outbox.unsent();
    this.by = by;
    this.room.freeze(true);
    this.outbox.sleep();
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    this.#explain(by);
    this.#tell("", 0);
    this.changed();
    this.dialog.showModal();
    if (by !== "tab" && items.length) this.#handOver(items);
  }

  #explain(by) {
    this.by = by;
    this.title.textContent = this.words.titles[by] || this.words.titles.other;
    this.text.textContent = this.words[by];
  }

  async #begin() {
    if (!this.waits) return this.room.open();
    await this.outbox.wake();
    this.settled();
    return this.room.resume();
  }

  async #here() {
    const { by } = this;
    await this.tab.take();
    if (by === "tab") return this.#begin();
    await this.outbox.wake();
    if (await this.room.takeOver()) return undefined;
    this.outbox.sleep();
    return this.#tell("not_reached", 0);
  }

  async #handOver(items) {
    const lease = this.room.lease || this.outbox.lease;
    this.#tell("late", items.length);
    for (let turn = 0; this.waits; turn += 1) {
      const answer = await this.room.save(items, lease).catch(() => ({}));
      const kept = (answer.items || []).filter((fate) => REFUSED.includes(fate.state)).length;
      if (kept && this.waits) this.#tell("evidence", kept);
      if (answer.items) return;
      await sleep(backoff(turn, 30000));
    }
  }

  #tell(name, n) {
    this.told.textContent = name && fill(this.words[name], { n });
  }
}
