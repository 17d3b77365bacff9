// Rule: how the board stays true. Join, then snapshot, then frames. A frame that is missing, a return, a worker that
// fell silent: each asks for a snapshot. Silence of all, a queue that does not carry, a device that slept: the board
// says that it is stale, at once or within five seconds, and asks for snapshots until it is whole again.

import { Truth } from './truth.js';

const PING_EVERY = 2000, PING_PATIENCE = 4000;
const SILENT_AFTER = 4000, SLEPT = 5000;
const HEAL_EVERY = 300000, POLL_EVERY = 4000, MEND_EVERY = 1500, SNAPSHOT_PATIENCE = 8000;
const TOO_OLD = { live: 5000, polling: 12000 };

export class Feed {
  /** `onTold({ changed, gone })` hears every telling (ids); `facts` names the board and its snapshot's address. */
  constructor(facts, clock, onTold) {
    Object.assign(this, { facts, clock, onTold, truth: new Truth(), refusal: null, asOf: null });
    Object.assign(this, { joined: null, synced: false, queue: true, polled: false, doubtedAt: null, busy: false, again: false });
    this.pingedAt = this.fetchedAt = this.spokenAt = -Infinity;
    this.last = clock.stamp();
    this.socket = window.io({ transports: ['websocket'], reconnectionDelay: 500, reconnectionDelayMax: 3000 });
    this.socket.on('connect', () => this.ping());
    this.socket.on('disconnect', () => this.lose());
    this.socket.on('rows', (frame) => this.hear(frame));
  }

  get rows() {
    return this.truth.rows;
  }

  /** live (frames), polling (snapshots only, fresh), stale, or connecting (nothing yet). */
  get mode() {
    if (this.asOf === null) return 'connecting';
    if (this.refusal !== null || this.doubtedAt !== null) return 'stale';
    if (this.socket.connected && this.synced) {
      return this.queue && !this.silent && this.age <= TOO_OLD.live ? 'live' : 'stale';
    }
    return this.polled && this.age <= TOO_OLD.polling ? 'polling' : 'stale';
  }

  get stale() {
    return this.mode === 'stale' || this.mode === 'connecting';
  }

  /** Nobody has said anything for longer than a pulse may take. */
  get silent() {
    return performance.now() - this.spokenAt > SILENT_AFTER;
  }

  /** Milliseconds since the newest proof that what is shown is so; null before the first. */
  get age() {
    return this.asOf === null ? null : Math.max(0, this.clock.now() - this.asOf);
  }

  /** Asked for by a clock that doubts itself: the device woke up, came online, or was shown again. */
  check() {
    if (this.socket.connected) this.ping();
    else {
      if (this.asOf !== null && this.socket.active) this.socket.disconnect().connect();
      this.fetch();
    }
  }

  /** Called about once a second; does what is due. */
  beat() {
    const now = performance.now();
    this.notice();
    if (this.socket.connected && now - this.pingedAt >= PING_EVERY) this.ping();
    if (this.synced) this.truth.silent(now - SILENT_AFTER);
    if (now - this.fetchedAt >= this.patience()) this.fetch();
  }

  /** Milliseconds after which the next snapshot is due. */
  patience() {
    if (this.mode !== 'live') return POLL_EVERY;
    return this.truth.whole ? HEAL_EVERY : MEND_EVERY;
  }

  /** Two beats far apart, by either clock: the device slept, and what is shown is of before. */
  notice() {
    const { mono, wall } = this.last, now = this.clock.stamp();
    this.last = now;
    if (Math.max(now.mono - mono, now.wall - wall) < SLEPT) return;
    this.doubtedAt = now.mono;
    this.truth.whole = false;
    this.check();
    this.fetch();
  }

  lose() {
    this.joined = null;
    this.synced = this.polled = false;
    this.fetchedAt = Math.min(this.fetchedAt, performance.now() - POLL_EVERY + 500);
  }

  /** Joining again is harmless, so the act of joining is the heartbeat too. */
  async ping() {
    this.pingedAt = performance.now();
    const sent = this.clock.stamp();
    try {
      const ack = await this.socket.timeout(PING_PATIENCE).emitWithAck('watch', { board: this.facts.board });
      if (!ack.ok) return;
      this.clock.take(ack.now, sent);
      const carries = ack.queue !== false;
      if (carries && !this.queue) this.truth.whole = false; // what was said while nobody heard it is missing
      this.queue = carries;
      if (this.joined === this.socket.id) this.truth.promise(ack.frames);
      else this.join(ack.frames);
    } catch {
      // No answer is an answer: the age of the data grows, and the page says so. A line that takes everything
      // and answers nothing is given up, so that another is opened.
      if (this.socket.connected && performance.now() - this.spokenAt > PING_PATIENCE) this.socket.io.engine?.close();
    }
  }

  /** From here on frames arrive; a snapshot asked for later misses none of them. */
  join(frames) {
    this.joined = this.socket.id;
    this.spokenAt = performance.now();
    this.truth.join(frames, this.spokenAt);
    this.fetch();
  }

  async fetch() {
    this.again = this.busy;
    if (this.busy) return;
    this.busy = true;
    this.fetchedAt = performance.now();
    const asked = { sent: this.clock.stamp(), joined: this.joined, at: this.fetchedAt, connected: this.socket.connected };
    this.truth.whole = true; // until something goes missing while the answer is on its way
    try {
      const answer = await fetch(this.facts.snapshot, {
        headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(SNAPSHOT_PATIENCE),
      });
      this.refusal = answer.status === 401 || answer.status === 403 ? answer.status : null;
      if (!answer.ok) throw new Error(String(answer.status));
      this.take(await answer.json(), asked);
    } catch {
      // As above: a poll without an answer leaves the last known state and its growing age.
      this.truth.whole = false;
    } finally {
      this.busy = false;
      if (this.again) this.fetch();
    }
  }

  take(told, asked) {
    this.clock.take(told.now, asked.sent);
    const changes = this.truth.take(told, this.truth, performance.now());
    this.asOf = told.now; // also when a restarted server's clock stands behind what was told before
    this.synced = asked.joined !== null && asked.joined === this.socket.id;
    this.polled = this.polled || !asked.connected || this.synced;
    if (this.doubtedAt !== null && asked.at >= this.doubtedAt) this.doubtedAt = null;
    if (!this.socket.active) this.socket.connect();
    this.onTold(changes);
  }

  hear(frame) {
    this.spokenAt = performance.now();
    const changed = this.truth.hear(frame, this.spokenAt);
    if (this.synced && this.queue) this.asOf = Math.max(this.asOf, frame.now);
    if (changed.length) this.onTold({ changed, gone: [] });
  }
}
