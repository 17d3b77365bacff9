// Rule: what this device still owes the server. A choice is handed to the store before it is sent, and is owed until
// the server said that its seq is on disk. What was saved stays in the store as well: after a reload everything
// counts as unsaved again, until the server is heard anew.
//
// An own entry: {seq, option, flagged, at, base, sent: [[seq, option, flagged]], refused?}. `base` is the durable seq
// it was counted from (its own seq once it is saved); `at` is when it was chosen, as far as this device knows the
// server's time; `sent` lets the page recognise its own answers when it is told what is durable.

const LAST = ["deadline_passed", "closed"];     // arrived, kept as evidence; count again if time is granted
const HISTORY = 20;

export class Outbox {
  /** `store` was opened; `now()` is the server's time as far as it is known. */
  constructor(store, now) {
    Object.assign(this, { store, now, attempt: store.attempt, durable: new Map(), since: new Map(), asleep: false });
    this.#take();
  }

  /** Where choices are kept: "device", "simple" or "memory". */
  get kind() {
    return this.store.kind;
  }

  /** The newest lease this device has written under. */
  get lease() {
    return this.store.facts.lease || 0;
  }

  /** Everything chosen until now is in the store. */
  written() {
    return this.store.idle();
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
    const entry = { seq, option: before.option, flagged: before.flagged, ...change, at: Math.round(this.now()),
                    base: old ? old.base : durable, sent: old ? old.sent : [] };
    entry.sent = [...entry.sent, [seq, entry.option, entry.flagged]].slice(-HISTORY);
    this.own.set(position, entry);
    this.since.set(position, performance.now());
    this.#keep(position, entry);
  }

  /** What is to be sent, as the wire wants it. */
  unsent() {
    return [...this.own].filter(([, entry]) => !entry.refused).map(([position, entry]) => (
      { position, seq: entry.seq, option: entry.option, flagged: entry.flagged }));
  }

  /** The server told the fate of `item`; false when what is durable is newer than anything this page knows. */
  settle(item, { state, seq, durable }) {
    const entry = this.own.get(item.position);
    if (state === "saved" || (state === "stale" && durable >= seq)) return this.#isDurable(item, durable);
    if (entry && entry.seq === seq && !["taken_over", "signed_out", "not_started"].includes(state)) {
      entry.refused = state;
      this.#keep(item.position, entry);
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
    if (entry && entry.seq <= durable) this.#isSaved(item.position, durable);
    return Boolean(ours) || durable <= before;
  }

  /** Owed no more; it stays in the store for a reload, unless something newer is on disk. */
  #isSaved(position, durable) {
    const entry = this.own.get(position);
    this.own.delete(position);
    if (entry.seq < durable) this.#drop(position);
    else this.#keep(position, { ...entry, base: durable, refused: undefined });
  }

  /** What a page brought along is shown; it settles nothing, because nobody asked the server yet. */
  know(responses) {
    for (const { position, seq, option, flagged } of responses) {
      if (seq >= (this.durable.get(position)?.seq || 0)) this.durable.set(position, { seq, option, flagged });
      const entry = this.own.get(position);
      if (entry && entry.base >= entry.seq && seq > entry.seq) this.#isSaved(position, seq);
    }
  }

  /** The server tells what is durable; own entries that another device has overtaken give way: their positions. */
  merge(responses) {
    const overtaken = [];
    this.know(responses);
    for (const { position, seq, option, flagged } of responses) {
      const entry = this.own.get(position);
      if (!entry) continue;
      const ours = entry.sent.some((sent) => sent[0] === seq && sent[1] === option && sent[2] === flagged);
      if (seq >= entry.seq && (ours || entry.base >= entry.seq)) this.#isSaved(position, seq);
      else if (seq > entry.base && !ours) {
        overtaken.push(position);
        this.own.delete(position);
        this.#drop(position);
      }
    }
    for (const entry of this.own.values()) if (LAST.includes(entry.refused)) delete entry.refused;
    return overtaken;
  }

  /** What counts when this page is opened again without a network: what the server told, and when. */
  remember(facts) {
    if (this.asleep) return;
    const responses = [...this.durable].map(([position, one]) => ({ position, ...one }));
    this.store.keep({ ...facts, responses });
  }

  /** Another page writes for this attempt now, perhaps in the same storage: keep away from it. */
  sleep() {
    this.asleep = true;
  }

  /** This page writes again; what another tab of this device left unsent is taken along. */
  async wake() {
    await this.store.read();
    this.asleep = false;
    this.#take();
    this.know(this.store.facts.responses || []);
  }

  #take() {
    this.own = new Map([...this.store.entries].map(([position, entry]) => [position, { ...entry }]));
    for (const position of this.own.keys()) this.since.set(position, performance.now());
  }

  #keep(position, entry) {
    if (!this.asleep) this.store.put(position, entry);
  }

  #drop(position) {
    if (!this.asleep) this.store.drop(position);
  }
}
