// Rule: how the board stays true. Join, then snapshot, then deltas; a heartbeat proves that silence is
// quiet and not death; a snapshot heals every half minute and after each lost connection, and stands in
// for the socket where WebSockets are blocked.

const PING_EVERY = 2000, PING_PATIENCE = 4000;
const HEAL_EVERY = 30000, POLL_EVERY = 5000, SNAPSHOT_PATIENCE = 8000;
const STALE_AFTER = { live: 5000, polling: 12000 };

export class Feed {
  /** `onRows(rows, toldAt)` hears every telling; `facts` names the board and its snapshot's address. */
  constructor(facts, clock, onRows) {
    Object.assign(this, { facts, clock, onRows, refusal: null, asOf: null });
    Object.assign(this, { joined: null, synced: false, busy: false, again: false });
    this.pingedAt = this.fetchedAt = -Infinity;
    this.socket = window.io({ transports: ['websocket'], reconnectionDelay: 1000, reconnectionDelayMax: 8000 });
    this.socket.on('connect', () => this.ping());
    this.socket.on('disconnect', () => { this.joined = null; this.synced = false; });
    this.socket.on('rows', (frame) => this.hear(frame.rows, frame.now));
  }

  /** live (socket and snapshot), polling (snapshots only) or connecting (nothing yet). */
  get mode() {
    if (this.socket.connected && this.synced) return 'live';
    return this.asOf === null ? 'connecting' : 'polling';
  }

  /** Milliseconds since the newest proof that what is shown is so; null before the first. */
  get age() {
    return this.asOf === null ? null : Math.max(0, this.clock.now() - this.asOf);
  }

  get stale() {
    return this.refusal !== null || this.asOf === null || this.age > STALE_AFTER[this.mode];
  }

  /** Asked for by a clock that doubts itself: the device woke up, came online, or was shown again. */
  check() {
    if (this.socket.connected) this.ping();
    else if (!this.busy) this.fetch();
  }

  /** Called about once a second; does what is due. */
  beat() {
    const now = performance.now();
    if (this.socket.connected && now - this.pingedAt >= PING_EVERY) this.ping();
    const every = !this.synced ? POLL_EVERY : HEAL_EVERY;
    if (now - this.fetchedAt >= every) this.fetch();
  }

  /** Joining again is harmless, so the act of joining is the heartbeat too. */
  async ping() {
    this.pingedAt = performance.now();
    const sent = this.clock.stamp();
    try {
      const ack = await this.socket.timeout(PING_PATIENCE).emitWithAck('watch', { board: this.facts.board });
      if (!ack.ok) return;
      this.clock.take(ack.now, sent);
      if (this.synced) this.prove(ack.now);
      if (this.joined !== this.socket.id) this.join();
    } catch {
      // No answer is an answer: the age of the data grows, and the page says so.
    }
  }

  /** From here on deltas arrive; a snapshot asked for later misses none of them. */
  join() {
    this.joined = this.socket.id;
    this.fetch();
  }

  async fetch() {
    this.again = this.busy;
    if (this.busy) return;
    this.busy = true;
    this.fetchedAt = performance.now();
    const sent = this.clock.stamp();
    const joined = this.joined;
    try {
      const answer = await fetch(this.facts.snapshot, {
        headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(SNAPSHOT_PATIENCE),
      });
      this.refusal = answer.status === 401 || answer.status === 403 ? answer.status : null;
      if (answer.ok) {
        const told = await answer.json();
        this.clock.take(told.now, sent);
        this.hear(told.rows, told.now);
        this.asOf = told.now; // also when a restarted server's clock stands behind what was told before
        this.synced = joined !== null && joined === this.socket.id;
        if (!this.socket.active) this.socket.connect();
      }
    } catch {
      // As above: a poll without an answer leaves the last known state and its growing age.
    } finally {
      this.busy = false;
      if (this.again) this.fetch();
    }
  }

  hear(rows, toldAt) {
    this.prove(toldAt);
    this.onRows(rows, toldAt);
  }

  prove(instant) {
    this.asOf = Math.max(this.asOf ?? 0, instant);
  }
}
