// Rule: one page of one file is shown; it is never larger than its frame until somebody enlarges it, at any turn.
const SMALLEST = 1, LARGEST = 6, STEP = 1.25;

export class Files {
  constructor(root) {
    this.stage = root.querySelector("#stage");
    this.documents = [...root.querySelectorAll(".scr-doc")];
    this.tabs = [...root.querySelectorAll("#tabs button")];
    this.number = root.querySelector("#page-number");
    this.paging = root.querySelector("#paging");
    this.views = new Map();
    if (!this.documents.length) return;
    root.querySelector("#viewbar").hidden = false;
    for (const tab of this.tabs) tab.addEventListener("click", () => this.show(tab.dataset.document));
    for (const button of root.querySelectorAll("[data-act]")) button.addEventListener("click", () => this.act(button.dataset.act));
    for (const image of root.querySelectorAll("img")) image.addEventListener("load", () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.stage);
    this.show(this.documents[0].dataset.document);
  }

  show(kind) {
    const chosen = this.documents.find((one) => one.dataset.document === kind);
    if (!chosen || chosen === this.shown) return;
    this.shown = chosen;
    for (const one of this.documents) one.toggleAttribute("data-shown", one === chosen);
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", tab.dataset.document === kind);
    if (!this.views.has(kind)) this.views.set(kind, { page: 1, zoom: 1, turn: 0 });
    this.#draw();
  }

  /** The n-th file, counted from 1. */
  pick(number) {
    const chosen = this.documents[number - 1];
    if (chosen) this.show(chosen.dataset.document);
  }

  act(name) {
    if (!this.shown) return;
    const view = this.#view, last = this.#pages.length;
    if (name === "in") view.zoom = Math.min(LARGEST, view.zoom * STEP);
    if (name === "out") view.zoom = Math.max(SMALLEST, view.zoom / STEP);
    if (name === "fit") view.zoom = 1;
    if (name === "turn") view.turn = (view.turn + 90) % 360;
    if (name === "before") view.page = Math.max(1, view.page - 1);
    if (name === "after") view.page = Math.min(last, view.page + 1);
    this.#draw();
  }

  get #view() {
    return this.views.get(this.shown.dataset.document);
  }

  get #pages() {
    return [...this.shown.querySelectorAll(".scr-page")];
  }

  #draw() {
    if (!this.shown) return;
    const view = this.#view, pages = this.#pages;
    for (const page of pages) page.toggleAttribute("data-shown", Number(page.dataset.page) === view.page);
    this.number.textContent = `${view.page}/${pages.length}`;
    this.paging.hidden = pages.length === 1;
    const page = pages[view.page - 1], image = page.querySelector("img");
    if (!image.naturalWidth) return;
    const lying = view.turn % 180 !== 0;
    const [wide, high] = lying ? [image.naturalHeight, image.naturalWidth] : [image.naturalWidth, image.naturalHeight];
    const title = this.shown.querySelector(".scr-doc-title").offsetHeight + 24;
    const fits = Math.min((this.stage.clientWidth - 26) / wide, Math.max(120, this.stage.clientHeight - title) / high);
    const scale = fits * view.zoom;
    const middle = this.#middle();
    page.style.width = `${wide * scale}px`;
    page.style.height = `${high * scale}px`;
    image.style.width = `${image.naturalWidth * scale}px`;
    image.style.transform = `translate(-50%, -50%) rotate(${view.turn}deg)`;
    this.stage.scrollLeft = middle.x * this.stage.scrollWidth - this.stage.clientWidth / 2;
    this.stage.scrollTop = middle.y * this.stage.scrollHeight - this.stage.clientHeight / 2;
  }

  /** What stands in the middle of the frame, as parts of the whole: there it stays when the picture grows. */
  #middle() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = this.stage;
    return { x: (scrollLeft + clientWidth / 2) / scrollWidth, y: (scrollTop + clientHeight / 2) / scrollHeight };
  }
}
