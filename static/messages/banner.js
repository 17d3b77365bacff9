// Rule: a message stays until its candidate says that it was read, and moves nothing under a thumb. One that comes
// while somebody works lies over the page; it takes a place of its own with the candidate's next step. A press right
// after it came was meant for something else and does not count. What was sent is shown as text, never as HTML.
import { backoff, sleep } from "../common/live.js";
import { fill } from "../common/words.js";

const DEAF = 700;       // ms after a message came in which a press is not one on it
const LINGER = 600;     // ms for which a read message keeps its place, so that a second tap falls on nothing
const STEPS = "#back, #next, #map [value], a[href='#map'], [data-submit]";

export class Banner {
  /** `room`: the page's seat; `words`: {from, aloud, noted}; `say(text)` speaks; `home()`: where the focus goes on. */
  constructor(room, words, say, home) {
    Object.assign(this, { room, words, say, home, since: 0 });
    this.shown = new Map();      // id -> its line
    this.read = new Set();
    this.delivered = new Set();
    this.section = document.getElementById("messages");
    this.list = this.section.querySelector("ol");
    this.line = document.getElementById("message").content;
    document.addEventListener("click", (event) => event.target.closest?.(STEPS) && this.#settle());
    document.addEventListener("keydown", (event) => ["Tab", "ArrowLeft", "ArrowRight"].includes(event.key) && this.#settle());
  }

  /** Everything that is unread, as the server told it; `calm` when nobody has begun to look at the page. */
  learn(messages = [], calm = false) {
    const known = new Set(messages.map(({ id }) => id));
    for (const id of this.shown.keys()) if (!known.has(id) && !this.read.has(id)) this.#drop(id);
    for (const message of messages) this.hear(message, calm);
    if (calm) this.#settle();
    this.#tellDelivered();
  }

  /** One message; heard before, it changes nothing. */
  hear(message, calm = false) {
    if (this.read.has(message.id) || this.shown.has(message.id)) return;
    if (!calm) this.#keepPlace();
    this.shown.set(message.id, this.#add(message));
    this.list.scrollTop = this.section.scrollTop = 0;
    this.since = performance.now();
    this.say(fill(this.words.aloud, message));
    this.#tellDelivered();
  }

  #add({ id, text, author }) {
    const line = this.line.cloneNode(true).firstElementChild;
    line.querySelector(".soft").textContent = fill(this.words.from, { author });
    line.querySelector(".said").textContent = text;
    line.querySelector("button").addEventListener("click", () => this.#press(id));
    this.list.prepend(line);
    return line;
  }

  /** Nothing below moves: the first one lies over the page, a further one shares the place that is there. */
  #keepPlace() {
    if (this.section.hidden) {
      this.section.hidden = false;
      this.section.toggleAttribute("data-over", true);
    } else if (!this.section.hasAttribute("data-over")) {
      this.section.style.height = `${this.section.offsetHeight}px`;
    }
  }

  /** The candidate moves on: messages get a place of their own. */
  #settle() {
    this.section.hidden = this.shown.size === 0;
    this.section.removeAttribute("data-over");
    this.section.style.height = "";
  }

  #press(id) {
    if (performance.now() - this.since < DEAF || this.read.has(id)) return;
    this.read.add(id);
    const button = this.shown.get(id).querySelector("button");
    button.setAttribute("aria-disabled", "true");
    button.textContent = this.words.noted;
    setTimeout(() => this.#drop(id), LINGER);
    this.#mark(id);
  }

  #drop(id) {
    const line = this.shown.get(id);
    if (!line) return;
    const focused = line.contains(document.activeElement);
    line.remove();
    this.shown.delete(id);
    if (!this.shown.size) this.#settle();
    if (focused) (this.list.querySelector("button") || this.home())?.focus({ preventScroll: true });
  }

  /** Until the server has it: what was read once is never shown again on this page. */
  async #mark(message) {
    for (let turn = 0; ; turn += 1) {
      const answer = await this.room.tell("seen", { message }).catch(() => null);
      if (answer && !["storage_unavailable", "not_started"].includes(answer.code)) return;
      await sleep(backoff(turn, 30000));
    }
  }

  /** This page has them; what could not be told is told with the next state. */
  async #tellDelivered() {
    const messages = [...this.shown.keys()].filter((id) => !this.delivered.has(id)).slice(0, 50);
    if (!messages.length) return;
    for (const id of messages) this.delivered.add(id);
    const answer = await this.room.tell("got", { messages }).catch(() => ({}));
    if (!answer.ok) for (const id of messages) this.delivered.delete(id);
  }
}
