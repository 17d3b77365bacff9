// Rule: the one line that tells connection and count, the notices above the paper, and everything said politely.
// The line keeps its place and height whatever it says, so nothing moves under a thumb.
import { PATIENCE } from "../common/live.js";
import { fill } from "../common/words.js";

export class Strip {
  constructor(questions, outbox, words) {
    Object.assign(this, { questions, outbox, words, status: "connecting", told: "", noticed: "" });
    this.stopped = false;   // another place writes: nothing here is tried again
    this.line = document.getElementById("link");
    this.panel = document.getElementById("notice");
  }

  /** The connection changed; losing and regaining it is said aloud, once. */
  turn(status) {
    const before = this.status;
    this.status = status;
    this.show();
    const well = (word) => word === "socket" || word === "http";
    if (status === "offline" || (well(status) && before === "offline")) this.say(this.line.textContent);
  }

  show() {
    const count = this.questions.count();
    const late = count.unsaved.some((position) => this.outbox.fate(position, PATIENCE) === "failed");
    const kind = this.stopped ? "stopped" : this.status === "offline" ? (count.unsaved.length ? "offline" : "offline_saved") : this.status === "connecting" ? "connecting"
      : late ? "late" : count.unsaved.length ? "sending" : this.status;
    const text = fill(this.words.link[kind],
      { n: count.unsaved.length, answered: count.answered.length, total: this.questions.total });
    if (text === this.told) return;
    this.told = text;
    this.line.dataset.kind = kind;
    const shape = { offline: "alert", offline_saved: "alert", late: "alert", stopped: "alert", connecting: "clock", sending: "clock" }[kind] || "check";
    this.line.replaceChildren(document.getElementById(`icon-${shape}`).content.cloneNode(true), text);
  }

  /** Something the candidate must know and can act on; stays until it is read or cleared. */
  notice(name, values = {}) {
    this.noticed = name;
    const { text, link, href } = this.words.notices[name];
    this.panel.querySelector("p").textContent = fill(text, { n: this.outbox.unsent().length, ...values });
    const anchor = this.panel.querySelector("a");
    anchor.textContent = link;
    anchor.href = href;
    anchor.hidden = !link;
    this.panel.querySelector("button").hidden = Boolean(link);
    this.panel.hidden = false;
    this.panel.querySelector("button").onclick = () => this.clear();
  }

  /** What one of these names told is over; without a name, whatever was told. */
  clear(...names) {
    if (!names.length || names.includes(this.noticed)) this.panel.hidden = true;
  }

  /** Say something once; the same words again are said again. */
  say(text, id = "polite") {
    const place = document.getElementById(id);
    place.textContent = "";
    setTimeout(() => { place.textContent = text; }, 50);
  }
}
