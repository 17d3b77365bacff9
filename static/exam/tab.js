// Rule: of the tabs of one browser one writes. A second one waits and says so, and goes on only when it is asked to; a
// reload is never kept waiting, because the page it replaces lets go by itself. Without Web Locks the lease alone decides.

const PATIENCE = 1000;   // ms in which the page that was reloaded lets go

export class OneTab {
  /** `hear`: {busy(): another tab writes; mine(): this one does, from now on; lost(): another took it away}. */
  constructor(attempt, hear) {
    Object.assign(this, { name: `exam:${attempt}`, hear, holds: false });
    this.waiting = new AbortController();
  }

  /** Write as soon as no other tab does. */
  enter() {
    if (!navigator.locks) return this.hear.mine();
    const patience = setTimeout(() => this.hear.busy(), PATIENCE);
    this.waiting.signal.addEventListener("abort", () => clearTimeout(patience));
    return this.#hold({ signal: this.waiting.signal }, () => {
      clearTimeout(patience);
      this.hear.mine();
    });
  }

  /** Write from now on, whoever did until now. */
  take() {
    this.waiting.abort();
    if (!navigator.locks || this.holds) return Promise.resolve();
    return new Promise((taken) => { this.#hold({ steal: true }, taken); });
  }

  async #hold(how, granted) {
    try {
      await navigator.locks.request(this.name, how, () => {
        this.holds = true;
        granted();
        return new Promise(() => {});
      });
    } catch {
      if (!this.holds) return;   // it did not wait any longer
      this.holds = false;
      this.hear.lost();
    }
  }
}
