// Rule: where a device keeps what it owes. In IndexedDB, where a choice is kept once its transaction is complete; in
// localStorage when there is no IndexedDB; in memory when neither is allowed. `kind` says which, so that it can be told.
// Until its transaction is complete a choice stands in localStorage as well, written at once: a tab may be killed in
// between.
//
// Per position the highest seq wins: neither another tab nor what an older page left can undo a choice.

const NAME = "exam";
const PATIENCE = 2000;   // ms for a storage that does not answer: the next simpler one takes over

/** The result of a request, or its refusal. */
const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

const inTime = (promise) => Promise.race([promise, new Promise((_, failed) => {
  setTimeout(() => failed(new Error("the storage does not answer")), PATIENCE);
})]);

async function openDatabase() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("answers", { keyPath: ["attempt", "position"] });
    request.result.createObjectStore("facts", { keyPath: "attempt" });
  };
  return asked(request);
}

function readSimple(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) || {};
  } catch {
    return {};
  }
}

/** True when it was accepted. */
function writeSimple(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function removeSimple(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept there, nothing is to be removed
  }
}

export class Store {
  /** What this device holds of one attempt; never fails, at worst it is empty and `kind` is "memory". */
  static async open(attempt) {
    const store = new Store(attempt);
    store.db = await inTime(openDatabase()).catch(() => null);
    await store.read();
    return store;
  }

  constructor(attempt) {
    Object.assign(this, { attempt, key: `exam:${attempt}`, kind: "device", db: null });
    Object.assign(this, { entries: new Map(), fresh: new Map(), facts: {}, pending: new Set() });
  }

  /** Read again, after another tab has written; what an older page left in localStorage moves over. */
  async read() {
    const simple = readSimple(this.key);
    await this.#readDatabase();
    this.facts = { lease: simple.lease || 0, ...simple.facts, ...this.facts };
    for (const [position, entry] of Object.entries(simple.own || {})) this.#newest(Number(position), entry);
    if (!this.db) return this.#writeSimple();
    if (simple.own) await this.#move();
  }

  /** Keep what is owed at a position; done when that is as safe as this device allows. */
  put(position, entry) {
    this.entries.set(position, entry);
    this.fresh.set(position, entry);
    if (this.db) writeSimple(this.key, { own: Object.fromEntries(this.fresh) });
    return this.#hold(this.#write([position]).then(() => this.#isKept(position, entry)));
  }

  /** What was owed at a position is owed no more. */
  drop(position) {
    this.entries.delete(position);
    return this.#hold(this.#change("answers", (table) => table.delete([this.attempt, position])));
  }

  /** Keep what the server told: {deadline_at, lease, ...}; it may get lost with the battery. */
  keep(facts) {
    Object.assign(this.facts, facts);
    return this.#hold(this.#change("facts", (table) => table.put({ ...this.facts, attempt: this.attempt }), "relaxed"));
  }

  /** Nothing is left of this attempt. */
  forget() {
    this.entries.clear();
    this.facts = {};
    return this.#hold(this.#change("answers", (table) => table.delete(this.#all()))
      .then(() => this.#change("facts", (table) => table.delete(this.attempt))).then(() => removeSimple(this.key)));
  }

  /** Everything that was to be kept is. */
  async idle() {
    while (this.pending.size) await Promise.all(this.pending);
  }

  async #readDatabase() {
    if (!this.db) return;
    try {
      const tables = this.db.transaction(["answers", "facts"]);
      const [rows, facts] = await inTime(Promise.all([
        asked(tables.objectStore("answers").getAll(this.#all())), asked(tables.objectStore("facts").get(this.attempt))]));
      for (const { attempt, position, ...entry } of rows) this.#newest(position, entry);
      Object.assign(this.facts, facts);
    } catch {
      this.db = null;
    }
  }

  #isKept(position, entry) {
    if (this.fresh.get(position) === entry) this.fresh.delete(position);
    if (this.db && !this.fresh.size) removeSimple(this.key);
  }

  #all() {
    return IDBKeyRange.bound([this.attempt, 0], [this.attempt, Infinity]);
  }

  #newest(position, entry) {
    if (entry.seq >= (this.entries.get(position)?.seq || 0)) this.entries.set(position, entry);
  }

  async #move() {
    await this.#write([...this.entries.keys()]);
    if (this.db) removeSimple(this.key);
  }

  #write(positions) {
    return this.#change("answers", (table) => {
      for (const position of positions) {
        const row = { ...this.entries.get(position), attempt: this.attempt, position };
        table.get([this.attempt, position]).onsuccess = ({ target }) => {
          if (!(target.result?.seq > row.seq)) table.put(row);
        };
      }
    });
  }

  /** One transaction; when the database fails, everything goes where it still can. */
  async #change(name, act, durability = "strict") {
    if (this.db) {
      try {
        const change = this.db.transaction(name, "readwrite", { durability });
        const complete = new Promise((done, failed) => {
          change.oncomplete = done;
          change.onabort = change.onerror = () => failed(change.error);
        });
        act(change.objectStore(name));
        return await inTime(complete);
      } catch {
        this.db = null;
      }
    }
    return this.#writeSimple();
  }

  #writeSimple() {
    const all = { own: Object.fromEntries(this.entries), facts: this.facts };
    this.kind = writeSimple(this.key, all) ? "simple" : "memory";
  }

  #hold(promise) {
    const held = promise.finally(() => this.pending.delete(held));
    this.pending.add(held);
    return held;
  }
}
