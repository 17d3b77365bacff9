// Rule: who is chosen stays chosen while rows move, are filtered or change; what an act touches is this list, never
// what happens to stand under the pointer.

export class Selection {
  /** `onChange()` hears that the list changed. */
  constructor(onChange) {
    Object.assign(this, { onChange, ids: new Set(), anchor: null });
  }

  has(id) {
    return this.ids.has(id);
  }

  get size() {
    return this.ids.size;
  }

  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = id;
    this.onChange();
  }

  /** Everybody in `order` (ids) from the one toggled last to `id`. */
  reach(id, order) {
    const ends = [order.indexOf(this.anchor), order.indexOf(id)];
    if (ends[0] < 0 || ends[1] < 0) return this.toggle(id);
    for (const between of order.slice(Math.min(...ends), Math.max(...ends) + 1)) this.ids.add(between);
    return this.onChange();
  }

  add(ids) {
    for (const id of ids) this.ids.add(id);
    this.onChange();
  }

  remove(ids) {
    let held = false;
    for (const id of ids) held = this.ids.delete(id) || held;
    if (held) this.onChange();
  }

  clear() {
    this.ids.clear();
    this.anchor = null;
    this.onChange();
  }
}
