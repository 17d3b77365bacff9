// Rule: of ten thousand rows only those in sight exist in the page. All are equally high but the bars
// of groups, so where a row stands is reckoned and nothing is measured while one scrolls; rows long out of sight give their elements back.

const BEYOND = 8, STEP = 4; // rows kept ready above and below what is in sight, and how many come at a time
const KEPT_AT_MOST = 600;

/** Where each row begins, and where the last one ends; null when none is a bar, and each place tells it by itself. */
function beginnings(rows, height, bar, isBar) {
  if (!rows.some(isBar)) return null;
  const tops = new Float64Array(rows.length + 1);
  rows.forEach((row, place) => { tops[place + 1] = tops[place] + (isBar(row) ? bar : height); });
  return tops;
}

/** The last place that begins at `y` or above it. */
function placeAt(tops, y) {
  let low = 0, high = tops.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (tops[middle] <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * A vertical renderer for Tabulator; `bar` is the height of rows that `isBar(row)`, `onShown(rows)` hears which rows
 * have just come into the page.
 */
export const fixedRows = (height, bar, isBar, onShown) => class FixedRows {
  constructor(table) {
    Object.assign(this, { table, verticalFillMode: 'fill', from: 0, to: 0 });
    this.holder = table.rowManager.element;
    this.body = table.rowManager.tableElement;
    this.here = new Map();  // Tabulator's row -> where it begins, of the rows in the page
    this.tops = null;
    this.kept = new Set();  // rows that have an element, the one used longest ago first
  }

  rows() {
    return this.table.rowManager.getDisplayRows();
  }

  /** Where the row at `place` begins, in pixels. */
  top(place) {
    return this.tops ? this.tops[place] : place * height;
  }

  /** The place of the row that stands at `y`. */
  at(y) {
    return this.tops ? placeAt(this.tops, y) : Math.floor(y / height);
  }

  /** Put exactly the rows in sight into the page, each at its place. */
  draw(anew = true) {
    const rows = this.rows(), { scrollTop, clientHeight } = this.holder;
    const first = Math.floor(this.at(scrollTop) / STEP) * STEP;
    this.from = Math.max(0, first - BEYOND);
    this.to = Math.min(rows.length, this.at(scrollTop + clientHeight) + 1 + STEP + BEYOND);
    if (!anew && this.drawn === this.from) return;
    this.drawn = this.from;
    const wanted = new Set(rows.slice(this.from, this.to));
    for (const row of this.here.keys()) if (!wanted.has(row)) this.leave(row);
    const fresh = [];
    let before = this.body.firstElementChild, place = this.from;
    for (const row of wanted) {
      const element = row.getElement();
      if (!this.here.has(row)) fresh.push(row);
      const top = this.top(place++);
      if (this.here.get(row) !== top) element.style.top = `${top}px`;
      this.here.set(row, top);
      if (element === before) before = before.nextElementSibling;
      else this.body.insertBefore(element, before);
      this.use(row, place);
    }
    if (fresh.length) onShown(fresh);
    this.giveBack();
  }

  use(row, position) {
    row.initialize();
    row.heightInitialized = true;
    row.getElement().setAttribute('aria-rowindex', position + 1);
    this.kept.delete(row);
    this.kept.add(row);
  }

  leave(row) {
    row.detachElement();
    this.here.delete(row);
  }

  giveBack() {
    for (const row of this.kept) {
      if (this.kept.size <= KEPT_AT_MOST) break;
      if (this.here.has(row)) continue;
      this.kept.delete(row);
      row.deleteCells();
      Object.assign(row, { element: false, created: false, initialized: false });
    }
  }

  renderRows() {
    this.clearRows();
    this.rerenderRows();
  }

  rerenderRows(callback) {
    if (callback) callback();
    const rows = this.rows();
    this.tops = beginnings(rows, height, bar, isBar);
    this.body.style.height = `${this.top(rows.length)}px`;
    this.table.element.setAttribute('aria-rowcount', rows.length + 1);
    this.draw();
  }

  scrollRows() {
    this.draw(false);
  }

  clearRows() {
    for (const row of [...this.here.keys()]) this.leave(row);
    this.body.replaceChildren();
  }

  /** Bring the row at `place` into sight, moving no more than needed. */
  reveal(place) {
    const { scrollTop, clientHeight } = this.holder, top = this.top(place), end = this.top(place + 1);
    if (top < scrollTop) this.holder.scrollTop = top;
    else if (end > scrollTop + clientHeight) this.holder.scrollTop = end - clientHeight;
    this.draw();
  }

  /** How many rows fit into sight. */
  get page() {
    return Math.max(1, Math.floor(this.holder.clientHeight / height) - 1);
  }

  visibleRows() {
    return [...this.here.keys()];
  }

  /** Tabulator's own way of asking for a row. */
  scrollToRowPosition(row) {
    this.reveal(this.rows().indexOf(row));
    return Promise.resolve();
  }

  clear() {
    this.clearRows();
  }

  render() {
    this.renderRows();
  }

  rerender() {
    this.rerenderRows();
  }

  styleRow() {}
  initialize() {}
  resize() {}
  clearColumns() {}
  renderColumns() {}
  rerenderColumns() {}
  reinitializeColumnWidths() {}
  renderRowCells() {}
  rerenderRowCells() {}
  scrollColumns() {}
};
