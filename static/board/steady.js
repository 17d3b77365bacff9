// Rule: rows find their new places once a second at most, and never under the hand: not while one scrolls, and not
// while a pointer moves over them, unless that goes on for long.

const EVERY = 1000, HAND = 700, AT_LATEST = 4000;

export class Steady {
  /** `place()` puts rows where they belong; `grid` tells whether scrolling rests. */
  constructor(grid, place) {
    Object.assign(this, { grid, place, since: null, placedAt: -Infinity, movedAt: -Infinity });
    grid.element.addEventListener('pointermove', () => { this.movedAt = performance.now(); }, { passive: true });
  }

  /** Something changed that may move rows. */
  want() {
    this.since ??= performance.now();
    this.turn();
  }

  /** The proctor asked for it: now. */
  force() {
    this.since = null;
    this.placedAt = performance.now();
    this.place();
  }

  /** Called again and again; places what waits when it may. */
  turn() {
    const now = performance.now();
    if (this.since === null || now - this.placedAt < EVERY || !this.grid.atRest) return;
    if (now - this.movedAt < HAND && now - this.since < AT_LATEST) return;
    this.force();
  }
}
