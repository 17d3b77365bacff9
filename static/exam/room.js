// Rule: a page's seat at one attempt: which lease it writes under, and who told it to stop. Used by lobby and paper.
//
// A lease newer than one's own freezes the page; a join whose answer got lost may have been that newer lease, so
// then the page joins once more before it believes that somebody else sits here.
import { Live, Unreachable } from "../common/live.js";

const SETTLED = new Set(["sign_in_needed", "foreign_attempt", "csrf_missing", "forbidden", "no_attempt"]);

export class Room {
  /**
   * facts: {attempt, paths, contact_every}; hear: {joined(state), seen(state), time(granted), frozen(released),
   * refused(code, sentence), closed(), settled(), status(word), message(one), attention({on})}; what is missing is
   * not told.
   */
  constructor(facts, csrf, clock, hear) {
    Object.assign(this, { facts, clock, hear });
    this.lease = 0;
    this.newest = 0;      // the newest lease heard of
    this.joining = 0;     // joins on their way
    this.lost = 0;        // joins whose outcome nobody knows
    this.frozen = false;
    this.released = false;   // the newest lease heard of is nobody's: an official took it from this page
    this.out = false;     // refused as a person, not as an answer: signed out, another's page
    this.live = new Live({
      acts: facts.paths, prefix: facts.events, csrf, clock,
      enter: () => this.join(),
      hear: {
        frozen: (fact) => this.#hearLease(fact.lease, fact.released), closed: () => this.#tell("closed"),
        time: (granted) => this.#tell("time", granted),
        message: (one) => this.#tell("message", one), attention: (fact) => this.#tell("attention", fact),
      },
      settled: () => this.#tell("settled"),
      turned: (status) => this.#tell("status", status),
    });
    clock.ask = () => this.beat();
  }

  /** Enter, and stay in contact. */
  open() {
    if (!this.contact) this.contact = setInterval(() => this.beat(), this.facts.contact_every * 1000);
    this.live.start();
  }

  /** True while saves may leave: this page holds a lease and nobody told it to stop. */
  get seated() {
    return this.live.entered && this.lease > 0 && !this.joining && !this.frozen && !this.out;
  }

  /** Take the seat; true when that is settled, be it by a refusal, false when it must be tried again. */
  async join(takeOver = false) {
    if (this.frozen && !takeOver) return true;
    const answer = await this.#ask(takeOver);
    if (answer.ok) {
      this.lease = Math.max(this.lease, answer.lease);
      this.lost = 0;
      this.frozen = this.out = false;
      this.#tell("joined", answer);
      if (answer.lease) this.#hearLease(this.newest, this.released);
      return true;
    }
    if (answer.code === "taken_over") this.freeze();
    else this.refuse(answer);
    return answer.code === "taken_over" || SETTLED.has(answer.code);
  }

  async #ask(takeOver) {
    this.joining += 1;
    try {
      return await this.live.act("join", { attempt: this.facts.attempt, take_over: takeOver });
    } catch (problem) {
      this.lost += 1;
      throw problem;
    } finally {
      this.joining -= 1;
    }
  }

  /** The candidate wants to go on here: the other page will freeze. False when that did not get through. */
  async takeOver() {
    this.live.start();
    try {
      return await this.join(true);
    } catch (problem) {
      if (problem instanceof Unreachable) return false;
      throw problem;
    }
  }

  /** Another tab of this browser gave way: go on here as soon as the server is reached. */
  resume() {
    this.frozen = false;
    if (this.contact) this.live.reenter();
    else this.open();
  }

  /** Stop writing: somebody else holds the attempt, for `certain` when this page did not learn it by a lease. */
  freeze(certain = false) {
    if (this.frozen) return;
    if (this.lost && !certain && !this.released) {
      this.lost = 0;
      this.live.reenter();
      return;
    }
    this.frozen = true;
    this.#tell("frozen", this.released);
  }

  /** An act was refused; what is about the person and not the answer stops this page from writing. */
  refuse({ code, sentence }) {
    this.out = this.out || SETTLED.has(code);
    this.#tell("refused", code, sentence);
  }

  save(items, lease = this.lease) {
    return this.live.act("save", { attempt: this.facts.attempt, lease, items });
  }

  submit() {
    return this.live.act("submit", { attempt: this.facts.attempt, lease: this.lease });
  }

  /** Something about one's own attempt that is no answer. */
  tell(name, payload) {
    return this.live.act(name, { attempt: this.facts.attempt, ...payload });
  }

  /** The state object, always over HTTP. */
  state() {
    return this.live.http(this.facts.paths.state);
  }

  /** A sign of life; over HTTP it also looks whether anything happened that a socket would have told. */
  async beat() {
    if (!this.live.entered || this.frozen) return;
    try {
      const answer = await this.live.act("beat", {});
      if (!answer.ok) this.refuse(answer);
      if (this.live.status === "http") await this.look();
    } catch (problem) {
      if (!(problem instanceof Unreachable)) throw problem;
    }
  }

  /** Ask for the state and act on it as if it had been told. */
  async look() {
    const state = await this.state();
    if (!state.ok) return this.refuse(state);
    if (["submitted", "closed"].includes(state.phase)) return this.#tell("closed");
    this.#tell("seen", state);
    return this.#hearLease(state.lease, state.released);
  }

  #hearLease(lease, released = false) {
    if (lease >= this.newest) this.released = Boolean(released);
    this.newest = Math.max(this.newest, lease);
    if (!this.lease || this.joining || this.newest <= this.lease) return;
    if (this.frozen && this.released) this.#tell("frozen", true);   // a refused save may have come before the reason
    else this.freeze();
  }

  #tell(what, ...facts) {
    this.hear[what]?.(...facts);
  }
}
