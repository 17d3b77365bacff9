// Rule: what the board knows is an early snapshot and the frames since. Each worker numbers its frames, so that one
// that is missing is noticed; then, and whenever a worker falls silent, only a new snapshot makes the board whole.

import { merge, named, prune } from './rows.js';

const EARLY_AT_MOST = 400;

export class Truth {
  constructor() {
    this.rows = new Map();
    this.columns = null;
    this.whole = false;      // true while nothing is known to be missing
    this.heard = new Map();  // worker -> { n: number of its newest frame, at: when it last spoke }
    this.promised = {};      // worker -> a number that was sent before it was told here
    this.early = [];         // frames that came before the first snapshot told the columns
  }

  /** The board was joined, or joined again: from here on every frame after `frames` is to be heard. */
  join(frames = {}, at = 0) {
    this.heard = new Map(Object.entries(frames).map(([worker, n]) => [worker, { n, at }]));
    this.promised = {};
    this.whole = false;
  }

  /** A frame; returns the ids of the rows it changed. */
  hear(frame, at = 0) {
    this.count(String(frame.worker), frame.n, at);
    if (this.columns) return merge(this.rows, named(this.columns, frame.rows), frame.now);
    this.early.push(frame);
    if (this.early.length > EARLY_AT_MOST) this.early.shift();
    return [];
  }

  /** A snapshot that was asked for after whatever was missed; returns { changed, gone } as ids. */
  take(told, asked = { whole: true }, at = 0) {
    this.columns = told.columns;
    const rows = named(told.columns, told.rows);
    const changed = merge(this.rows, rows, told.now);
    const gone = prune(this.rows, rows, told.now);
    for (const [worker, n] of Object.entries(told.frames || {})) this.raise(worker, n, at);
    for (const frame of this.early.splice(0)) changed.push(...merge(this.rows, named(told.columns, frame.rows), frame.now));
    this.whole = asked.whole;
    return { changed, gone };
  }

  count(worker, n, at) {
    if (n === undefined) return;
    const known = this.heard.get(worker);
    if (!known ? n > 1 : n > known.n + 1) this.whole = false;
    this.raise(worker, n, at);
  }

  raise(worker, n, at) {
    const known = this.heard.get(worker);
    this.heard.set(worker, { n: Math.max(n, known ? known.n : 0), at: known ? Math.max(known.at, at) : at });
  }

  /** Numbers that workers say they have sent; what was promised last time and has not come is missing. */
  promise(frames = {}) {
    for (const [worker, n] of Object.entries(this.promised)) {
      const known = this.heard.get(worker);
      if (known && known.n < n) this.whole = false;
    }
    this.promised = frames;
  }

  /** Forget workers that have said nothing since `before`: their last words may be missing. */
  silent(before) {
    for (const [worker, { at }] of this.heard) {
      if (at >= before) continue;
      this.heard.delete(worker);
      this.whole = false;
    }
  }
}
