// Rule: what this device still owes the server. A choice is written here, synchronously, before it is sent, and
// leaves only when the server said that its seq is on disk. Keyed by the attempt; memory when storage is refused.
//
// An own entry: {seq, option, flagged, base, sent: [[seq, option, flagged]], refused?}. `base` is the durable seq it
// was counted from; `sent` lets the page recognise its own answers when it is told what is durable.

const LAST = ["deadline_passed", "closed"];     // arrived, kept as evidence; count again if time is granted
const HISTORY = 20;

/** What an earlier page of this attempt left here: {own: {position: entry}, lease}. */
export function readLeft(attempt) {
  try {
    return JSON.parse(localStorage.getItem(`exam:${attempt}`)) || { own: {}, lease: 0 };
  } catch {
    return { own: {}, lease: 0 };
  }
}

export function forget(attempt) {
  try {
    localStorage.removeItem(`exam:${attempt}`);
  } catch {
    // nothing was kept, nothing is to be forgotten
  }
}

export class Outbox {
  constructor(attempt, responses) {
    this.attempt = attempt;
    this.durable = new Map();
    this.since = new Map();
    this.lease = 0;
    this.asleep = false;
    this.take();
    this.merge(responses);
  }

  /** Read what is stored on this device; keeps what memory has when nothing can be stored. */
  take() {
    this.kept = true;
    const left = readLeft(this.attempt);
    this.own = new Map(Object.entries(left.own).map(([position, entry]) => [Number(position), entry]));
    this.lease = left.lease;
    for (const position of this.own.keys()) this.since.set(position, performance.now());
    this.#write();
  }

  /** What the page shows at a position. */
  shown(position) {
    return this.own.get(position) || this.durable.get(position) || { seq: 0, option: null, flagged: false };
  }

  /** saved, waiting, failed or "" for never touched. */
  fate(position, patience) {
    const entry = this.own.get(position);
    if (!entry) return this.durable.has(position) ? "saved" : "";
    if (entry.refused) return "failed";
    return performance.now() - this.since.get(position) > patience ? "failed" : "waiting";
  }

  /** Record a choice: `change` is {option} or {flagged}. */
  choose(position, change) {
    const before = this.shown(position);
    const durable = this.durable.get(position)?.seq || 0;
    const old = this.own.get(position);
    const seq = Math.max(durable, before.seq) + 1;
    const entry = { seq, option: before.option, flagged: before.flagged, ...change,
                    base: old ? old.base : durable, sent: old ? old.sent : [] };
    entry.sent = [...entry.sent, [seq, entry.option, entry.flagged]].slice(-HISTORY);
    this.own.set(position, entry);
    this.since.set(position, performance.now());
    this.#write();
  }

  /** What is to be sent, as the wire wants it. */
  unsent() {
    return [...this.own].filter(([, entry]) => !entry.refused).map(([position, entry]) => (
      { position, seq: entry.seq, option: entry.option, flagged: entry.flagged }));
  }

  /** Positions the server will not store. */
  refused() {
    return [...this.own].filter(([, entry]) => entry.refused).map(([position]) => position);
  }

  /** The server told the fate of `item`; false when what is durable is newer than anything this page knows. */
  settle(item, { state, seq, durable }) {
    const entry = this.own.get(item.position);
    if (state === "saved" || (state === "stale" && durable >= seq)) return this.#isDurable(item, durable);
    if (entry && entry.seq === seq && !["taken_over", "signed_out", "not_started"].includes(state)) {
      entry.refused = state;
      this.#write();
    }
    return true;
  }

  #isDurable(item, durable) {
    const entry = this.own.get(item.position);
    const ours = [[item.seq, item.option, item.flagged], ...(entry?.sent || [])].find(([seq]) => seq === durable);
    const before = this.durable.get(item.position)?.seq || 0;
    if (ours && durable > before) {
      this.durable.set(item.position, { seq: durable, option: ours[1], flagged: ours[2] });
    }
    if (entry && entry.seq <= durable) this.own.delete(item.position);
    this.#write();
    return Boolean(ours) || durable <= before;
  }

  /** Learn what is durable; own entries that another device has overtaken give way, their positions are returned. */
  merge(responses) {
    const overtaken = [];
    for (const { position, seq, option, flagged } of responses) {
      if (seq >= (this.durable.get(position)?.seq || 0)) this.durable.set(position, { seq, option, flagged });
      const entry = this.own.get(position);
      if (!entry || seq <= entry.base) continue;
      const ours = entry.sent.some((sent) => sent[0] === seq && sent[1] === option && sent[2] === flagged);
      if (!ours) overtaken.push(position);
      if (!ours || entry.seq <= seq) this.own.delete(position);
    }
    for (const entry of this.own.values()) if (LAST.includes(entry.refused)) delete entry.refused;
    this.#write();
    return overtaken;
  }

  /** Another page writes for this attempt now, perhaps in the same storage: keep away from it. */
  sleep() {
    this.asleep = true;
  }

  /** This page writes again; what another tab of this device left unsent is taken along. */
  wake() {
    this.asleep = false;
    if (this.kept) this.take();
  }

  keepLease(lease) {
    this.lease = lease;
    this.#write();
  }

  #write() {
    if (this.asleep) return;
    try {
      localStorage.setItem(`exam:${this.attempt}`, JSON.stringify(
        { own: Object.fromEntries(this.own), lease: this.lease }));
    } catch {
      this.kept = false;
    }
  }
}
