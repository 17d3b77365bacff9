// Rule: what a candidate sees and presses at each position: choice, flag, fate, the list of all positions, keys.
// What is shown as saved comes from the outbox alone.
import { PATIENCE } from "../common/live.js";
import { fill } from "../common/words.js";

export class Questions {
  /** `changed()` is called after each choice; `words` are the texts of the page. */
  constructor(outbox, words, changed) {
    Object.assign(this, { outbox, words, changed, frozen: false });
    this.sections = [...document.querySelectorAll(".q")];
    this.buttons = [...document.querySelectorAll("#map [value]")];
    this.flag = document.getElementById("flag");
    this.clear = document.getElementById("clear");
    this.key = `exam:${outbox.attempt}:at`;
    this.#listen();
    this.#takeEarly();
    this.go(Number(this.#remembered()) || 1, false);
    this.renderAll();
  }

  get total() {
    return this.sections.length;
  }

  /** Show one position; with `focus` a screen reader begins to read it. */
  go(position, focus = true) {
    this.at = Math.min(Math.max(1, position), this.total);
    this.sections.forEach((section, index) => { section.hidden = index + 1 !== this.at; });
    this.buttons.forEach((button, index) => {
      if (index + 1 === this.at) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    document.getElementById("back").disabled = this.at === 1;
    document.getElementById("next").hidden = this.at === this.total;
    document.getElementById("finish").hidden = this.at !== this.total;
    this.#remember();
    this.render(this.at);
    this.#reachable(this.sections[this.at - 1].querySelector(".stem"));
    if (!focus) return;
    scrollTo(0, 0);
    this.sections[this.at - 1].querySelector("fieldset").focus({ preventScroll: true });
  }

  /** A table wider than the phone scrolls inside its stem; the keyboard has to get there too. */
  #reachable(stem) {
    if (stem.scrollWidth > stem.clientWidth) stem.tabIndex = 0;
    else stem.removeAttribute("tabindex");
  }

  renderAll() {
    for (let position = 1; position <= this.total; position += 1) this.render(position);
  }

  render(position) {
    const { option, flagged } = this.outbox.shown(position);
    const fate = this.outbox.fate(position, PATIENCE);
    const section = this.sections[position - 1];
    for (const input of section.querySelectorAll("input")) input.checked = Number(input.value) === option;
    this.#showFate(section.querySelector(".fate"), fate === "saved" && option === null ? "blank" : fate, position);
    this.#mark(this.buttons[position - 1], position, option !== null, flagged, fate);
    if (position !== this.at) return;
    this.flag.setAttribute("aria-pressed", String(flagged));
    this.clear.disabled = this.frozen || option === null;
  }

  /** Numbers of positions by what they still need. */
  count() {
    const all = Array.from({ length: this.total }, (_, index) => index + 1);
    const fate = (position) => this.outbox.fate(position, PATIENCE);
    return {
      answered: all.filter((position) => this.outbox.shown(position).option !== null),
      blank: all.filter((position) => this.outbox.shown(position).option === null),
      flagged: all.filter((position) => this.outbox.shown(position).flagged),
      unsaved: all.filter((position) => ["waiting", "failed"].includes(fate(position))),
    };
  }

  /** Nothing can be chosen while frozen. */
  freeze(frozen) {
    this.frozen = frozen;
    for (const section of this.sections) section.querySelector("fieldset").disabled = frozen;
    this.flag.disabled = frozen;
    this.render(this.at);
  }

  /** A tick made while this script was still on its way is a choice like any other. */
  #takeEarly() {
    this.sections.forEach((section, index) => {
      const option = Number(section.querySelector("input:checked")?.value);
      if (option && option !== this.outbox.shown(index + 1).option) this.outbox.choose(index + 1, { option });
    });
  }

  #choose(change) {
    if (this.frozen) return;
    this.outbox.choose(this.at, change);
    this.render(this.at);
    this.changed();
  }

  #showFate(place, fate, position) {
    const refused = this.outbox.own.get(position)?.refused ? "refused" : fate;
    if (place.dataset.fate === refused) return;
    place.dataset.fate = refused;
    const kind = fate === "blank" ? "saved" : fate || "none";
    const pill = document.getElementById(`fate-${kind}`).content.cloneNode(true);
    place.replaceChildren(pill, ` ${this.words.fates[refused] || ""}`);
  }

  #mark(button, position, answered, flagged, fate) {
    const unsaved = fate === "waiting" || fate === "failed";
    const { marks } = this.words;
    const told = [answered ? marks.answered : marks.blank, flagged && marks.flagged, unsaved && marks.unsaved];
    const label = fill(marks.label, { n: position, marks: told.filter(Boolean).join(", ") });
    if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
    button.dataset.marks = [answered && "answered", flagged && "flagged", unsaved && "unsaved"].filter(Boolean).join(" ");
  }

  #listen() {
    document.getElementById("paper").addEventListener("change", (event) => {
      if (event.target.type === "radio") this.#choose({ option: Number(event.target.value) });
    });
    document.getElementById("paper").addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("map").addEventListener("click", (event) => {
      const button = event.target.closest("[value]");
      if (button) this.go(Number(button.value));
    });
    this.flag.addEventListener("click", () => this.#toggleFlag());
    this.clear.addEventListener("click", () => {
      this.#choose({ option: null });
      this.sections[this.at - 1].querySelector("fieldset").focus({ preventScroll: true });
    });
    document.getElementById("back").addEventListener("click", () => this.go(this.at - 1));
    document.getElementById("next").addEventListener("click", () => this.go(this.at + 1));
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  #toggleFlag() {
    this.#choose({ flagged: !this.outbox.shown(this.at).flagged });
  }

  /** 1-9 choose, arrows left and right move, F flags; never with a modifier, in a dialog, or when switched off. */
  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (document.documentElement.dataset.keys === "off") return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const option = /^[1-9]$/.test(event.key)
      && this.sections[this.at - 1].querySelector(`input[value="${event.key}"]`);
    if (step) this.go(this.at + step);
    else if (option && !this.frozen) {
      option.focus();
      this.#choose({ option: Number(event.key) });
    } else if (event.key.toLowerCase() === "f") this.#toggleFlag();
    else return;
    event.preventDefault();
  }

  #remembered() {
    try {
      return sessionStorage.getItem(this.key);
    } catch {
      return null;
    }
  }

  #remember() {
    try {
      sessionStorage.setItem(this.key, String(this.at));
    } catch {
      // a page that cannot remember begins at the first question
    }
  }
}
