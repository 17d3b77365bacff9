// Rule: the board can be worked without a pointer: arrows walk, space chooses, Enter opens, / searches. The cursor
// belongs to a candidate and goes with that row wherever it moves.

export class Keys {
  /** `grid` shows the rows; `order()` gives the candidates' ids; `place(id)` where one stands; `open(id)` a page. */
  constructor(grid, selection, { order, place, open, search }) {
    Object.assign(this, { grid, selection, order, place, open, search, cursor: null });
    grid.element.addEventListener('keydown', (event) => this.press(event));
    grid.element.addEventListener('focus', () => this.go(this.cursor ?? this.order()[0]));
    document.addEventListener('keydown', (event) => this.anywhere(event));
    search.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'Enter') this.enter(event);
    });
  }

  enter(event) {
    event.preventDefault();
    this.cursor = this.order()[0] ?? null;
    this.grid.element.focus({ preventScroll: false });
  }

  anywhere(event) {
    const typing = event.target.closest('input, textarea, select, dialog');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.search.focus();
    this.search.select();
  }

  press(event) {
    if (event.target.closest('button, a') || event.altKey) return;
    const step = this.step(event.key);
    if (step !== null) this.walk(step, event.shiftKey);
    else if (event.key === ' ' && this.cursor) this.selection.toggle(this.cursor);
    else if (event.key === 'Enter' && this.cursor) this.open(this.cursor);
    else if (event.key === 'Escape' && this.selection.size) this.selection.clear();
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) this.selection.add(this.order());
    else return;
    event.preventDefault();
  }

  step(key) {
    const steps = {
      ArrowDown: 1, ArrowUp: -1, PageDown: this.grid.page, PageUp: -this.grid.page, Home: -Infinity, End: Infinity,
    };
    return steps[key] ?? null;
  }

  walk(step, reaching) {
    const order = this.order();
    const here = Math.max(0, order.indexOf(this.cursor));
    const id = order[Math.min(order.length - 1, Math.max(0, here + step))];
    if (reaching && this.selection.anchor === null && this.cursor) this.selection.toggle(this.cursor);
    this.go(id);
    if (reaching && id) this.selection.reach(id, order);
  }

  /** Put the cursor on that candidate and bring the row into sight. */
  go(id) {
    this.cursor = id ?? null;
    if (!id) return this.grid.element.removeAttribute('aria-activedescendant');
    this.grid.reveal(this.place(id));
    this.grid.element.setAttribute('aria-activedescendant', `row-${id}`);
    this.grid.offer(id);
    return this.grid.remark();
  }
}
