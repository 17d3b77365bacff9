// Rule: the rows, drawn by Tabulator and kept by the board: Tabulator is told only which rows there are and in which
// order; what a row says is painted into its element, and only while it is in sight.

import { fixedRows } from './fixed.js';

const NARROW = matchMedia('(max-width: 79.99rem)'), PHONE = matchMedia('(max-width: 40rem)');
const REST = 250;    // ms without scrolling that count as rest
const AT_ONCE = 200; // new rows

/** Columns of the wide table: name, the width that it needs at least, its share of what is left. */
const WIDE = [
  ['pick', 44, 0], ['name', 140, 30], ['standing', 194, 34], ['answered', 104, 10], ['saved', 112, 11], ['contact', 112, 11],
  ['left', 128, 13], ['device', 142, 16], ['sitting', 126, 16], ['notes', 108, 14],
];
const HEIGHT = { wide: 60, card: 144, phone: 264 }, BAR = 48;
const isBar = (row) => row.data.id.startsWith('group:');

export class Grid {
  /**
   * `cells` paints; `facts(id)` gives a row, `clock()` the server's now; `head(name)` and `part(name)` give elements;
   * `group(element, name)` fills a group's bar; `mark(element)` dresses any row; `onRest()` hears that scrolling rests.
   */
  constructor(element, helpers) {
    Object.assign(this, helpers, { element, order: [], byId: new Map(), ready: false, scrolledAt: -Infinity });
    for (const query of [NARROW, PHONE]) query.addEventListener('change', () => this.table && this.build());
  }

  /** How the rows are laid out: wide, card or phone. */
  static get layout() {
    if (!NARROW.matches) return 'wide';
    return PHONE.matches ? 'phone' : 'card';
  }

  build() {
    this.ready = false;
    if (this.table) this.table.destroy();
    const layout = Grid.layout, height = HEIGHT[layout];
    this.element.dataset.layout = layout;
    this.element.style.setProperty('--row', `${height}px`);
    this.element.style.setProperty('--bar', `${BAR}px`);
    this.byId.clear();
    const table = this.table = new window.Tabulator(this.element, {
      data: this.order.map((id) => ({ id })), index: 'id', layout: 'fitColumns', rowHeight: height,
      renderVertical: fixedRows(height, BAR, isBar, () => this.paint(this.clock())), columns: this.headings(layout),
      columnDefaults: { headerSort: false, resizable: false }, keybindings: false, rowFormatter: (row) => this.form(row), autoResize: true,
    });
    // One that was replaced before it stood (a screen turned twice) says so all the same.
    table.on('tableBuilt', () => table === this.table && this.start());
  }

  headings(layout) {
    if (layout !== 'wide') return [{ title: '', field: 'card', cssClass: 'c-card', formatter: () => this.part('card') }];
    return WIDE.map(([name, minWidth, widthGrow]) => ({
      field: name, minWidth, ...(widthGrow ? { widthGrow } : { width: minWidth }), cssClass: `c-${name}`, title: name,
      titleFormatter: () => this.head(name), formatter: () => this.part(name),
    }));
  }

  start() {
    const manager = this.table.rowManager;
    this.learn(manager.rows);
    this.arrange = () => this.order.map((id) => this.byId.get(id)).filter(Boolean);
    manager.registerDataPipelineHandler(this.arrange, 15);
    manager.element.addEventListener('scroll', () => this.scrolled(), { passive: true });
    manager.element.removeAttribute('tabindex');
    this.element.setAttribute('aria-multiselectable', 'true');
    this.ready = true;
    this.show(this.order);
    this.paint(this.clock());
    this.onRest();
  }

  learn(rows) {
    for (const row of rows) this.byId.set(row.data.id, row);
  }

  /** Exactly these ids (of candidates and of groups), in this order. */
  show(order) {
    this.order = order;
    this.element.style.setProperty('--rows', Math.max(1, order.length));
    if (!this.table && order.length) this.build();
    if (!this.ready) return;
    const manager = this.table.rowManager;
    const unknown = order.filter((id) => !this.byId.has(id)).map((id) => ({ id }));
    if (unknown.length > AT_ONCE) this.renew(manager);
    else if (unknown.length) this.learn(unknown.map((stub) => manager.addRow(stub, false, undefined, true)));
    manager.refreshActiveData(this.arrange, false, true);
  }

  /** Many are new: cheaper from the beginning than one by one. */
  renew(manager) {
    this.byId.clear();
    manager.setData(this.order.map((id) => ({ id })), true);
    this.learn(manager.rows);
  }

  /** An element was made for a row: a candidate's cells, or the bar of a group. */
  form(component) {
    const { id } = component.getData(), element = component.getElement();
    if (id.startsWith('group:')) this.group(element, id.slice(6));
    else this.cells.make(element, this.facts(id));
  }

  /** Let every row in sight say what is so now. */
  paint(now) {
    if (!this.ready) return;
    for (const element of this.table.rowManager.tableElement.children) {
      if (element.viewed) this.cells.paint(element.viewed, now);
      this.mark(element);
    }
    if (this.atRest && !(this.offered && this.offered.isConnected)) this.offer(null);
  }

  /** Selection or cursor moved: dress the rows in sight anew. */
  remark() {
    if (this.ready) for (const element of this.table.rowManager.tableElement.children) this.mark(element);
  }

  /** One row's link can be reached by Tab: the one under the cursor, or else the first in sight. */
  offer(id) {
    const seen = this.inSight, chosen = seen.find((element) => element.viewed.row.id === id) || seen[0];
    if (this.offered) this.offered.tabIndex = -1;
    this.offered = chosen ? chosen.querySelector('[data-part=who]') : null;
    if (this.offered) this.offered.tabIndex = 0;
  }

  scrolled() {
    this.scrolledAt = performance.now();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.onRest(), REST);
  }

  get atRest() {
    return performance.now() - this.scrolledAt > REST;
  }

  /** The elements of the candidates in sight. */
  get inSight() {
    if (!this.ready) return [];
    const frame = this.table.rowManager.element.getBoundingClientRect();
    return [...this.table.rowManager.tableElement.children].filter((element) => {
      const box = element.getBoundingClientRect();
      return element.viewed && box.bottom > frame.top && box.top < frame.bottom;
    });
  }

  reveal(place) {
    this.table.rowManager.renderer.reveal(place);
  }

  get page() {
    return this.table.rowManager.renderer.page;
  }
}
