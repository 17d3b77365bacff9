// Rule: handing in. A summary first, a second press confirms; the act leaves only when nothing waits in the outbox,
// or the dialog says plainly what is not saved.
import { PATIENCE, Unreachable, backoff, sleep } from "../common/live.js";
import { fill } from "../common/words.js";

export class Submit {
  /** `hear`: {done(): the server says that the attempt is closed; stopped(): the candidate goes on}. */
  constructor(questions, outbox, room, words, hear) {
    Object.assign(this, { questions, outbox, room, words, hear, wanted: false });
    this.dialog = document.getElementById("submit");
    this.sure = document.getElementById("sure");
    this.telling = document.getElementById("telling");
    for (const button of document.querySelectorAll("[data-submit]")) {
      button.addEventListener("click", () => this.open());
    }
    document.getElementById("unsure").addEventListener("click", () => this.dialog.close());
    this.sure.addEventListener("click", () => this.#confirm());
    this.dialog.addEventListener("close", () => this.#stop());
    this.dialog.addEventListener("click", (event) => {
      if (!event.target.value) return;
      this.dialog.close();
      questions.go(Number(event.target.value));
    });
  }

  open() {
    this.telling.textContent = "";
    this.refresh();
    this.dialog.showModal();
  }

  /** The numbers in the dialog follow what happens meanwhile. */
  refresh() {
    const count = this.questions.count();
    document.getElementById("sum-answered").textContent = fill(this.words.sum_answered,
      { n: count.answered.length, total: this.questions.total });
    for (const name of ["blank", "flagged", "unsaved"]) this.#row(name, count[name]);
  }

  #row(name, positions) {
    const row = document.getElementById(`sum-${name}`);
    const told = positions.join();
    if (row.dataset.told === told) return;
    row.dataset.told = told;
    row.querySelector("dd").replaceChildren(...(positions.length ? positions.map((position) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", value: position, textContent: position, className: "second" });
      button.setAttribute("aria-label", fill(this.words.to_question, { n: position }));
      return button;
    }) : [this.words.none]));
  }

  async #confirm() {
    if (this.wanted) return;
    this.wanted = true;
    this.sure.disabled = true;
    this.questions.freeze(true);
    for (let turn = 0; this.wanted; turn += 1) {
      if (this.outbox.unsent().length || !this.room.seated) this.telling.textContent = this.#waiting();
      else if (await this.#send()) return;
      await sleep(this.outbox.unsent().length ? 300 : backoff(turn, 4000));
    }
  }

  #waiting() {
    const n = this.outbox.unsent().length;
    return fill(this.room.live.status === "offline" ? this.words.submit_offline : this.words.submit_waiting, { n });
  }

  /** True when there is nothing more to do here. */
  async #send() {
    this.telling.textContent = this.words.submit_sending;
    try {
      const answer = await Promise.race([this.room.submit(), sleep(PATIENCE).then(() => ({ late: true }))]);
      if (answer.ok || answer.code === "closed") {
        this.hear.done();
        return true;
      }
      if (answer.code === "taken_over") this.room.freeze();
      if (!answer.late) this.telling.textContent = answer.sentence;
      if (answer.code !== "storage_unavailable" && !answer.late) this.wanted = false;
    } catch (problem) {
      if (!(problem instanceof Unreachable)) throw problem;
      this.telling.textContent = this.#waiting();
    }
    return false;
  }

  #stop() {
    this.wanted = false;
    this.sure.disabled = false;
    this.hear.stopped();
  }
}
