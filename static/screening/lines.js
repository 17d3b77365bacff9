// Rule: one line is current; a tick goes to the server at once, shows what the server said, and moves on.
import { fill } from "../common/words.js";

export class Lines {
  constructor(sheet, csrf, showFile) {
    Object.assign(this, { sheet, csrf, showFile, ticked: false });
    this.all = [...sheet.querySelectorAll(".scr-line")];
    this.left = document.getElementById("left");
    this.progress = document.getElementById("progress");
    for (const line of this.all) this.#wire(line);
  }

  get current() {
    return this.all.find((line) => line.hasAttribute("aria-current"));
  }

  toFirstOpen() {
    const line = this.all.find((one) => !one.dataset.verdict) ?? this.all[0];
    if (line) this.#mark(line);
  }

  move(steps) {
    const place = this.all.indexOf(this.current) + steps;
    const line = this.all[Math.max(0, Math.min(this.all.length - 1, place))];
    if (line) this.#goTo(line);
  }

  agree() {
    this.current?.querySelector(".scr-agrees")?.click();
  }

  differ() {
    this.current?.querySelector(".scr-differs")?.click();
  }

  #wire(line) {
    const form = line.querySelector(".scr-check");
    line.addEventListener("focusin", () => this.#mark(line));
    line.querySelector(".scr-proof")?.addEventListener("click", (event) => this.#look(event, line));
    if (line.dataset.document === line.dataset.line) line.querySelector("a")?.addEventListener("click", (event) => this.#look(event, line));
    if (!form) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const verdict = event.submitter?.value ?? "differs";  // Enter inside the note
      this.#send(line, form, verdict);
      if (verdict === "agrees") this.move(1);
      else this.#note(line, form);
    });
    form.elements.note.addEventListener("change", () => {
      if (line.dataset.verdict === "differs") this.#send(line, form, "differs");
    });
    form.elements.note.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (form.elements.note.value !== line.dataset.noted) this.#send(line, form, "differs");
      this.move(1);
    });
  }

  #look(event, line) {
    event.preventDefault();
    this.#mark(line);
  }

  #note(line, form) {
    line.classList.add("scr-noting");
    form.elements.note.focus();
  }

  #goTo(line) {
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
    this.#mark(line);
  }

  #mark(line) {
    if (line === this.current) return;
    this.current?.removeAttribute("aria-current");
    line.setAttribute("aria-current", "true");
    if (line.dataset.document) this.showFile(line.dataset.document);
  }

  async #send(line, form, verdict) {
    const told = line.querySelector(".scr-by");
    const turn = line.turn = (line.turn ?? 0) + 1;
    const payload = { version: this.sheet.dataset.version, field: line.dataset.line, verdict, note: form.elements.note.value };
    let answer;
    try {
      const reply = await fetch(form.action, {
        method: "POST", body: JSON.stringify(payload),
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF": this.csrf },
      });
      answer = await reply.json();
    } catch {
      answer = { ok: false, sentence: this.sheet.dataset.saidFailed };
    }
    if (turn !== line.turn) return;  // a later word of the same line is under way
    told.classList.toggle("scr-failed", !answer.ok);
    told.textContent = answer.ok ? this.sheet.dataset.saidSaved : answer.sentence;
    told.setAttribute("role", answer.ok ? "none" : "alert");
    if (answer.ok) this.#kept(line, form, payload, answer.left);
  }

  #kept(line, form, payload, left) {
    this.ticked = true;
    line.dataset.verdict = payload.verdict;
    line.dataset.noted = payload.note;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === payload.verdict);
    this.progress.textContent = fill(this.sheet.dataset.saidProgress, { done: this.all.length - left.length, all: this.all.length });
    if (this.left) this.left.hidden = left.length === 0;
    this.#ask(line.dataset.line, payload);
  }

  /** What differs is proposed for correction, with the same note. */
  #ask(name, payload) {
    const ask = document.querySelector(`[data-ask="${name}"]`);
    if (!ask) return;
    const differs = payload.verdict === "differs";
    ask.querySelector("[type=checkbox]").checked = differs;
    ask.querySelector("input:not([type=checkbox])").value = differs ? payload.note : "";
    const place = document.getElementById(differs ? "asked-first" : "asked-others");
    if (ask.parentElement === place) return;
    place.append(ask);
    document.getElementById("asked-others").closest("details").open = !document.querySelector("#asked-first [data-ask]");
  }
}
