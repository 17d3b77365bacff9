// Rule: what time it is, is the server's word. Each answer that carries `now` is a sample (half its round trip is
// its doubt), carried on by the monotonic clock. That clock may stop while a device sleeps and the wall clock may be
// set: when the two disagree the later one is shown, nothing is concluded from it, and a new sample is asked for.
// Of a page that was kept on the device the wall clock alone is left, which is never enough to conclude from.

const DRIFT = 0.001;        // ms of doubt that a sample gains with each ms of its age
const DISAGREEMENT = 1000;  // ms between the two clocks that mean sleep, or a wall clock that was set

export class ServerClock {
  /** `ask` is called when a new sample is needed: the device woke up, came online, or its clocks disagree. */
  constructor(ask = () => {}) {
    this.ask = ask;
    this.doubt = Infinity;
    this.mono = this.wall = 0;
    this.guessed = false;
    const again = () => document.visibilityState === "visible" && this.distrust();
    document.addEventListener("visibilitychange", again);
    addEventListener("online", () => this.distrust());
    addEventListener("pageshow", (event) => event.persisted && this.distrust());
  }

  /** Both clocks of the device at this moment; taken before a question leaves. */
  stamp() {
    return { mono: performance.now(), wall: Date.now() };
  }

  /** `serverNow` (ms) came in answer to a question that left at `sent`; the better sample wins. */
  take(serverNow, sent) {
    const got = this.stamp();
    const trip = got.mono - sent.mono;
    if (Math.abs(got.wall - sent.wall - trip) > DISAGREEMENT) return;  // the device slept on the way
    const aged = this.takenAt === undefined ? Infinity : this.doubt + (got.mono - this.takenAt) * DRIFT;
    if (trip / 2 > aged && this.sure) return;
    this.takenAt = got.mono;
    this.doubt = trip / 2;
    this.mono = serverNow + trip / 2 - got.mono;
    this.wall = serverNow + trip / 2 - got.wall;
    this.asked = this.guessed = false;
  }

  /** The sample the page itself is: the server wrote `serverNow` into it between request and answer. */
  takeFromPage(serverNow) {
    const [page] = performance.getEntriesByType("navigation");
    const middle = page ? (page.requestStart + page.responseStart) / 2 : performance.now();
    const ago = performance.now() - middle;
    this.doubt = page ? (page.responseStart - page.requestStart) / 2 + 500 : 5000;
    this.takenAt = performance.now();
    this.mono = serverNow - middle;
    this.wall = serverNow - (Date.now() - ago);
  }

  /** What an earlier page knew: the server was `ahead` of this device's wall clock, and has been at `newest`. */
  takeKept({ ahead = 0, newest = 0 }) {
    const got = this.stamp();
    const now = Math.max(got.wall + ahead, newest);
    this.guessed = true;
    this.takenAt = got.mono;
    this.mono = now - got.mono;
    this.wall = now - got.wall;
  }

  /** For a later page without a network: what `takeKept` wants to know. */
  get known() {
    return { ahead: this.wall, newest: Math.round(this.now()) };
  }

  /** True while both clocks tell the same since the last sample: only then may anything follow from the time. */
  get sure() {
    return this.takenAt !== undefined && !this.guessed && Math.abs(this.#gap()) <= DISAGREEMENT;
  }

  /** The server's now in ms since 1970; the later of the two readings, so that what remains is never too much. */
  now() {
    const gap = this.#gap();
    if (Math.abs(gap) > DISAGREEMENT && !this.asked) this.distrust();
    return performance.now() + this.mono + Math.max(0, gap);
  }

  /** The next sample is taken whatever it is worth, and it is asked for at once. */
  distrust() {
    this.doubt = Infinity;
    this.asked = true;
    this.ask();
  }

  /** How far the wall clock is ahead of the monotonic one since the last sample. */
  #gap() {
    return Date.now() + this.wall - performance.now() - this.mono;
  }
}
