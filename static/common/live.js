// Rule: the connection of a page to the server. One WebSocket (never Engine.IO polling), jittered return, re-entry
// after each return; when no socket opens within a few seconds the same acts go over plain HTTP. The socket's library
// is fetched after the page and its pictures have arrived: a page on a weak network is of use before it.
//
// status: "connecting" (at first), "socket", "http", "offline". Acts that mean something wait until `entered`.

export class Unreachable extends Error {}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const jitter = (ms) => ms * (0.5 + Math.random());
export const backoff = (turn, most = 8000) => jitter(Math.min(most, 500 * 2 ** turn));

export const PATIENCE = 4000;     // ms without an ack: whatever waits for it is not saved, said within five seconds
export const LIBRARY = new URL("../lib/socket.io-client/socket.io.min.js", import.meta.url);
const SOCKET_PATIENCE = 4000;     // ms without a socket: HTTP takes over
const DEAD_AFTER = 8000;          // ms without an ack: this socket is a black hole; try HTTP and open another
const WATCH_EVERY = 500;
const HTTP_PATIENCE = 15000;      // slow networks need longer than the page's patience

export class Live {
  /**
   * acts: {name: path of the same act over HTTP}; prefix: stands before each name on the socket;
   * csrf: token; clock: ServerClock or nothing;
   * enter(live): sends the page's join, returns false when it must be repeated; hear: {event: handler};
   * settled(): called after each entry that need not be repeated; turned(status): called at each change.
   */
  constructor({ acts, prefix = "", csrf, clock, enter, hear = {}, settled = () => {}, turned = () => {} }) {
    Object.assign(this, { acts, prefix, csrf, clock, enter, hear, settled, turned, socket: null });
    this.status = "connecting";
    this.entered = false;
    this.pending = new Set();
    this.deaf = false;      // this socket takes everything and answers nothing
    this.attempt = 0;
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.#turn("offline"));
    addEventListener("pageshow", (event) => event.persisted && this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }

  start() {
    this.stopped = false;
    if (this.socket) this.socket.connect();
    else if (document.readyState === "complete") this.#load();
    else addEventListener("load", () => this.#load(), { once: true });
    this.#armFallback();
    clearInterval(this.watch);
    this.watch = setInterval(() => this.#watch(), WATCH_EVERY);
    if (navigator.onLine === false) this.#turn("offline");
  }

  /** Leave for good, until start() is called again. */
  stop() {
    this.stopped = true;
    this.attempt += 1;
    this.entered = false;
    clearTimeout(this.fallback);
    clearInterval(this.watch);
    this.socket?.disconnect();
  }

  get connected() {
    return Boolean(this.socket?.connected);
  }

  /** Send an act; resolves with the server's answer (also a refusal, however late), rejects with Unreachable. */
  async act(name, payload = {}) {
    const sent = this.clock?.stamp();
    if (!this.connected) return this.http(this.acts[name], payload);
    const answer = await new Promise((resolve, reject) => {
      const one = { since: performance.now(), reject };
      this.pending.add(one);
      this.socket.emit(this.prefix + name, payload, (told) => {
        this.pending.delete(one);
        resolve(told);
      });
    });
    if (answer.now) this.clock?.take(answer.now, sent);
    if (this.entered && this.status === "offline") this.#turn("socket");
    return answer;
  }

  /** The same over HTTP: POST with a payload, GET without. */
  async http(path, payload) {
    const sent = this.clock?.stamp();
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), HTTP_PATIENCE);
    try {
      const reply = await fetch(path, {
        method: payload ? "POST" : "GET", cache: "no-store", signal: giveUp.signal,
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF": this.csrf },
        body: payload && JSON.stringify(payload),
      });
      const answer = await reply.json();
      if (answer.now) this.clock?.take(answer.now, sent);
      return answer;
    } catch (problem) {
      if (this.status === "http") {
        this.#turn("offline");
        this.#overHttp();
      }
      throw new Unreachable(String(problem));
    } finally {
      clearTimeout(timer);
    }
  }

  /** The device woke up or came online: do not wait for the next turn of the back-off. */
  wake() {
    if (this.stopped) return;
    if (this.status === "offline" && this.connected && this.pending.size) this.socket.io.engine?.close();
    if (this.socket && !this.connected) {
      this.socket.disconnect().connect();
      if (this.status !== "http") this.#armFallback();
    }
  }

  /** Join again over the way that is open. */
  reenter() {
    if (!this.stopped) this.#enter(this.connected ? "socket" : "http");
  }

  async #load(turn = 0) {
    try {
      await import(turn ? `${LIBRARY}?try=${turn}` : LIBRARY);
    } catch {
      setTimeout(() => this.#load(turn + 1), backoff(turn + 2, 60000));
      return;
    }
    if (this.socket) return;
    this.socket = window.io({
      transports: ["websocket"], autoConnect: false, timeout: 8000,
      reconnectionDelay: 700, reconnectionDelayMax: 8000, randomizationFactor: 0.7,
    });
    this.socket.on("connect", () => this.#come());
    this.socket.on("disconnect", (reason) => this.#leave(reason));
    this.socket.on("connect_error", () => this.#refused());
    for (const [event, handler] of Object.entries(this.hear)) this.socket.on(event, handler);
    if (!this.stopped) this.socket.connect();
  }

  #come() {
    clearTimeout(this.fallback);
    this.socket.io.reconnectionDelayMax(8000);
    this.#enter("socket");
  }

  #leave(reason) {
    for (const one of this.pending) one.reject(new Unreachable(reason));
    this.pending.clear();
    if (this.stopped) return;
    this.entered = false;
    this.attempt += 1;
    this.#turn("offline");
    if (this.deaf) this.#overHttp();
    else this.#armFallback();
    this.deaf = false;
    if (!this.socket.active) setTimeout(() => this.wake(), jitter(1500));  // the server hung up
  }

  /** `active` is false when the server itself said no (signed out, say): HTTP will tell why. */
  #refused() {
    if (this.socket.active || this.stopped) return;
    this.again = setTimeout(() => this.connected || this.wake(), jitter(10000));
    if (this.status !== "http") this.#overHttp();
  }

  #armFallback() {
    clearTimeout(this.fallback);
    this.fallback = setTimeout(() => this.connected || this.stopped || this.#overHttp(), SOCKET_PATIENCE);
  }

  #overHttp() {
    clearTimeout(this.fallback);
    if (this.connected) return;
    this.#enter("http");
  }

  /** Join by whatever way is open, until it is settled or another way overtakes this one. */
  async #enter(way) {
    const attempt = ++this.attempt;
    this.entered = false;
    for (let turn = 0; attempt === this.attempt; turn += 1) {
      const settled = await this.enter(this).catch(() => false);
      if (attempt !== this.attempt) return;
      if (settled) {
        this.entered = true;
        if (way === "http") this.socket?.io.reconnectionDelayMax(30000);
        this.#turn(way);
        this.settled();
        return;
      }
      if (way === "http") this.#turn("offline");
      await sleep(backoff(turn));
    }
  }

  #watch() {
    const now = performance.now();
    const oldest = Math.max(0, ...[...this.pending].map((one) => now - one.since));
    if (oldest > DEAD_AFTER) {
      this.deaf = true;
      this.socket.io.engine?.close();
    } else if (oldest > PATIENCE) this.#turn("offline");
  }

  #turn(status) {
    if (status === this.status) return;
    this.status = status;
    this.turned(status);
  }
}
