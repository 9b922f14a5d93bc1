// @ts-check
// The socket and its fortunes, without the page: everything it needs is handed in, so that a test can.
//
// A state is what a person is told. `connecting` becomes `waiting` when the server says that it is starting,
// or says nothing for a second; `connected` comes with the server's hello. A session that is lost leads to
// `restarting` (the server said so) or `lost`; a handshake that is refused looks like any loss to a script,
// so /startupz and /api/me are asked why.
import { AFTER_REFUSAL, STABLE, afterRestart, backoff } from "./backoff.js";
import { watchStartup } from "./door.js";
import { RESTART, SIGNED_OUT, TRY_LATER, parseFrame } from "./protocol.js";
import { downPhases, failedPhase, isComplete, list } from "./startup.js";

/** @typedef {import("./startup.js").Startup} Startup */
/** @typedef {import("./protocol.js").Frame} Frame */
/**
 * @typedef {object} State
 * @property {"connecting"|"waiting"|"connected"|"restarting"|"lost"|"offline"|"refused"|"signed-out"} kind
 * @property {Startup|null} startup
 * @property {number} since when this knock began, on the connection's clock
 * @property {number|null} retryAt when the next knock is due, on the connection's clock
 * @property {string} reason of a refusal, in words
 */
/**
 * @typedef {object} World
 * @property {() => WebSocket} open
 * @property {(signal?: AbortSignal) => Promise<Startup|null>} askStartup rejects when there is no server
 * @property {() => Promise<"yes"|"no"|"unknown">} askSignedIn
 * @property {() => boolean} online
 * @property {import("./door.js").Clock} clock
 * @property {() => number} random
 * @property {(state: State) => void} onState
 * @property {(frame: Frame) => void} onFrame
 */

/** A knock that is not answered this soon is looked into, in milliseconds. */
export const LOOK_AFTER = 300;
/** The longest wait for the server's hello after the handshake, and for the reason of a refusal. */
const PATIENCE = 5_000;

export class Connection {
  #world;
  /** @type {WebSocket|null} */
  #socket = null;
  /** @type {number|null} */
  #openedAt = null;
  #attempt = 0;
  #restarting = false;
  #wasOffline = false;
  #since = 0;
  /** Timers and watches of the present knock; all end with it. @type {(() => void)[]} */
  #ends = [];
  /** @type {State} */
  #state = { kind: "connecting", startup: null, since: 0, retryAt: null, reason: "" };

  /** @param {World} world */
  constructor(world) {
    this.#world = world;
  }

  get state() {
    return this.#state;
  }

  /** Knocks now, whatever was planned. */
  connect() {
    const { clock, open } = this.#world;
    this.#drop();
    this.#since = clock.now();
    const socket = open();
    this.#socket = socket;
    this.#openedAt = null;
    this.#knocking();
    this.#ends.push(clock.after(LOOK_AFTER, () => this.#watchDoor()));
    const own = (/** @type {(event: any) => void} */ then) => (/** @type {any} */ event) => {
      if (this.#socket === socket) then(event);
    };
    socket.onopen = own(() => this.#opened());
    socket.onmessage = own((event) => this.#heard(event.data));
    socket.onclose = own((event) => this.#closed(event.code, event.reason));
  }

  /** Ends it for good, until the next `connect`. */
  stop() {
    this.#drop();
  }

  /**
   * @param {string} text
   * @returns {boolean} whether there was a session to send it in
   */
  send(text) {
    if (this.#socket === null || !["connected", "offline"].includes(this.#state.kind) || this.#socket.readyState !== 1) return false;
    this.#socket.send(text);
    return true;
  }

  /** The device lost its network. A session may outlive that; its next frame would show it. */
  wentOffline() {
    if (this.#state.kind === "signed-out") return;
    this.#wasOffline = true;
    if (this.#state.kind === "connected" || this.#state.retryAt !== null) this.#show("offline", { retryAt: this.#state.retryAt });
  }

  /** The device has a network again: no reason to wait, and no trust in a session from before. */
  cameOnline() {
    if (this.#state.kind === "signed-out") return;
    const stale = this.#openedAt !== null && this.#wasOffline;
    this.#wasOffline = false;
    if (stale || this.#state.retryAt !== null) this.connect();
  }

  /** While it knocks again, what is known of the last time stays, so that nothing flickers and nobody is told twice. */
  #knocking() {
    const { kind, reason, startup } = this.#state;
    if (this.#restarting) this.#show("restarting");
    else if (kind === "lost" || kind === "refused") this.#show(kind, { reason, startup });
    else this.#show("connecting");
  }

  #watchDoor() {
    const { askStartup, clock } = this.#world;
    const stop = watchStartup({
      ask: askStartup,
      clock,
      heard: (startup) => {
        const waiting = this.#state.kind === "waiting";
        if (waiting || startup === null || !isComplete(startup)) this.#show("waiting", { startup });
      },
    });
    this.#ends.push(stop);
  }

  #opened() {
    this.#endAll();
    this.#openedAt = this.#world.clock.now();
    // A server that takes the handshake and then says nothing is as good as gone.
    this.#ends.push(this.#world.clock.after(PATIENCE, () => this.#lost()));
  }

  /** @param {unknown} data */
  #heard(data) {
    const frame = parseFrame(data);
    if (frame === null) return;
    if (frame.type === "hello") {
      this.#endAll();
      this.#restarting = false;
    }
    if (frame.type === "hello" || this.#state.kind === "offline") this.#show("connected");
    this.#world.onFrame(frame);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #closed(code, reason) {
    const opened = this.#openedAt !== null;
    if (code === SIGNED_OUT) {
      this.#drop();
      this.#show("signed-out");
    } else if (code === RESTART) {
      this.#settle();
      this.#restarting = true;
      this.#retry("restarting", afterRestart(this.#world.random));
    } else if (code === TRY_LATER) {
      this.#settle();
      this.#retryRefused(reason || "the server lets nobody in now", null);
    } else if (opened) {
      this.#lost();
    } else {
      this.#askWhy();
    }
  }

  #lost() {
    this.#settle();
    this.#retry("lost", this.#backoff());
  }

  /** A handshake that failed: refused, not signed in, or nobody there. */
  async #askWhy() {
    const { askStartup, askSignedIn, clock } = this.#world;
    this.#endAll();
    const socket = this.#socket;
    const limit = new AbortController();
    const end = clock.after(PATIENCE, () => limit.abort());
    this.#ends.push(end, () => limit.abort());
    const gone = new Promise((_, reject) => limit.signal.addEventListener("abort", () => reject(new Error("too slow"))));
    const asked = (/** @type {Promise<any>} */ answer, /** @type {any} */ otherwise) =>
      Promise.race([answer, gone]).catch(() => otherwise);
    const [startup, signedIn] = await Promise.all([asked(askStartup(limit.signal), null), asked(askSignedIn(), "unknown")]);
    if (this.#socket !== socket) return;
    end();
    this.#settle();
    if (signedIn === "no") this.#show("signed-out");
    else if (startup === null) this.#retry("lost", this.#backoff());
    else this.#refused(startup);
  }

  /** @param {Startup} startup */
  #refused(startup) {
    const down = downPhases(startup);
    if (startup.state === "FAILED") {
      const phase = failedPhase(startup);
      this.#retryRefused(phase === null ? "startup failed" : `startup failed in phase “${phase.name}”`, startup);
    } else if (startup.state === "RUNNING") {
      this.#retryRefused("the server is still starting and could not keep you at the door", startup);
    } else if (startup.state === "CLOSED") {
      this.#restarting = true;
      this.#retry("restarting", this.#backoff());
    } else if (down.length > 0) {
      this.#retryRefused(`${list(down)} ${down.length === 1 ? "is" : "are"} down`, startup);
    } else {
      this.#retry("lost", this.#backoff());
    }
  }

  /**
   * @param {string} reason
   * @param {Startup|null} startup
   */
  #retryRefused(reason, startup) {
    this.#restarting = false;
    this.#retry("refused", Math.max(AFTER_REFUSAL, this.#backoff()), { reason, startup });
  }

  #backoff() {
    return backoff(this.#attempt++, this.#world.random);
  }

  /** Counts the session that ended: a stable one makes the next attempt the first again. */
  #settle() {
    if (this.#openedAt !== null && this.#world.clock.now() - this.#openedAt >= STABLE) this.#attempt = 0;
    this.#drop();
  }

  /**
   * @param {State["kind"]} kind
   * @param {number} delay
   * @param {Partial<State>} [more]
   */
  #retry(kind, delay, more = {}) {
    const { clock, online } = this.#world;
    const shown = !online() ? "offline" : this.#restarting ? "restarting" : kind;
    this.#ends.push(clock.after(delay, () => this.connect()));
    this.#show(shown, { ...more, retryAt: clock.now() + delay });
  }

  #endAll() {
    for (const end of this.#ends.splice(0)) end();
  }

  #drop() {
    this.#endAll();
    const socket = this.#socket;
    this.#socket = null;
    this.#openedAt = null;
    socket?.close();
  }

  /**
   * @param {State["kind"]} kind
   * @param {Partial<State>} [more]
   */
  #show(kind, more = {}) {
    this.#state = { kind, startup: null, since: this.#since, retryAt: null, reason: "", ...more };
    this.#world.onState(this.#state);
  }
}
