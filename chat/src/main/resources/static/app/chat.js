// @ts-check
// The chat of somebody who is signed in: puts outbox, threads, connection and views together.
import { Connection } from "./connection.js";
import { announce, byId, say } from "./dom.js";
import { pageClock } from "./door.js";
import { Outbox } from "./outbox.js";
import { sendFrame } from "./protocol.js";
import { formatRoute, parseRoute } from "./route.js";
import * as session from "./session.js";
import { spoken } from "./spoken.js";
import { Thread } from "./thread.js";

/** @typedef {import("./connection.js").State} State */
/** @typedef {import("./protocol.js").Frame} Frame */

export class Chat {
  #user;
  #outbox;
  #onSignedOut;
  /** @type {Map<string, Thread>} */
  #threads = new Map();
  /** @type {session.Conversation[]|null} */
  #conversations = null;
  #route = parseRoute(location.hash);
  #loading = "";
  #missing = false;
  #listPlanned = () => {};
  #resend = () => {};
  #listeners = new AbortController();
  #connection;
  #status;
  #messages;
  #list;
  #composer;

  /**
   * @param {import("./views.js").Views} views made once for the page
   * @param {string} user
   * @param {(note: string) => void} onSignedOut
   */
  constructor(views, user, onSignedOut) {
    this.#user = user;
    this.#outbox = new Outbox(sessionStorage, user);
    this.#onSignedOut = onSignedOut;
    this.#messages = views.messages;
    this.#list = views.list;
    this.#composer = views.composer;
    this.#status = views.status;
    say(byId("user"), user);
    this.#connection = new Connection({
      open: () => new WebSocket(new URL("/chat", location.href.replace(/^http/, "ws"))),
      askStartup: session.startup,
      askSignedIn: session.signedIn,
      online: session.online,
      clock: pageClock,
      random: Math.random,
      onState: (state) => this.#stateChanged(state),
      onFrame: (frame) => this.#heard(frame),
    });
  }

  start() {
    const { signal } = this.#listeners;
    addEventListener("hashchange", () => this.#opened(), { signal });
    addEventListener("online", () => this.#connection.cameOnline(), { signal });
    addEventListener("offline", () => session.online() || this.#connection.wentOffline(), { signal });
    byId("new-conversation").addEventListener("click", () => this.#route.kind === "new" && this.#opened(), { signal });
    const [draft] = this.#outbox.drafts();
    if (this.#route.kind === "new" && draft) history.replaceState(null, "", formatRoute({ kind: "draft", id: draft.thread }));
    this.#connection.connect();
    this.#loadList();
    this.#opened();
  }

  stop() {
    this.#listeners.abort();
    this.#listPlanned();
    this.#resend();
    this.#connection.stop();
    this.#status.close();
  }

  /** How many messages would be lost by signing out now. */
  get unsent() {
    return this.#outbox.entries.length;
  }

  forget() {
    this.#outbox.clear();
  }

  knock() {
    this.#connection.connect();
  }

  /** @returns {import("./messages-view.js").Shown} */
  read() {
    const thread = this.#thread();
    const items = this.#threads.get(thread)?.items ?? [];
    return {
      thread,
      items,
      // The stored message may be here before its `accepted`.
      unsent: this.#outbox.of(thread).filter(({ id }) => !items.some((item) => item.key === id || item.message === id)),
      connected: this.#connection.state.kind === "connected",
      loading: items.length === 0 ? this.#loading : "",
    };
  }

  /** @param {string} text */
  send(text) {
    const id = crypto.randomUUID();
    if (this.#route.kind === "new") {
      const thread = crypto.randomUUID();
      this.#composer.open(thread);
      this.#route = { kind: "draft", id: thread };
      history.pushState(null, "", formatRoute(this.#route));
    }
    const conversation = this.#route.kind === "conversation" ? this.#route.id : null;
    this.#outbox.add({ id, thread: this.#thread(), conversation, text });
    this.#flush();
    this.#messages.follow();
    this.#showList();
  }

  /** @param {string} id */
  retry(id) {
    this.#outbox.retry(id, crypto.randomUUID());
    this.#flush();
    this.#messages.changed();
  }

  /** @param {string} id */
  discard(id) {
    this.#outbox.remove(id);
    this.#flush();
    this.#messages.changed();
    this.#showList();
  }

  #thread() {
    return this.#route.kind === "new" ? "new" : this.#route.id;
  }

  #title() {
    if (this.#missing) return "Not found";
    const thread = this.#thread();
    const listed = this.#conversations?.find(({ id }) => id === thread)?.title;
    return this.#threads.get(thread)?.title || listed || "New conversation";
  }

  #opened() {
    this.#route = parseRoute(location.hash);
    this.#missing = false;
    this.#loading = "";
    this.#composer.open(this.#thread());
    if (this.#route.kind === "conversation") this.#loadThread(this.#route.id);
    this.#show();
    this.#list.close();
    this.#composer.focus();
  }

  #show() {
    const title = this.#title();
    say(byId("title"), title);
    document.title = `${title} \u2013 Vestibule`;
    this.#messages.changed();
    this.#showList();
  }

  #showList() {
    this.#list.show(this.#conversations, this.#outbox.drafts(), this.#thread(), "The list comes as soon as the server is ready.");
  }

  /** @param {State} state */
  #stateChanged(state) {
    this.#status.show(state);
    if (state.kind === "signed-out") {
      this.stop();
      this.#onSignedOut("You were signed out. Sign in again to go on; what you wrote is kept in this tab.");
    } else if (state.kind !== "connected") {
      this.#resend();
    }
    if (!["connected", "waiting", "offline"].includes(state.kind) || state.retryAt !== null) {
      this.#outbox.sessionLost();
      for (const thread of this.#threads.values()) thread.sessionLost();
    }
    this.#messages.changed();
  }

  /** Sends what is due, now and again until the server has accepted it. */
  #flush() {
    this.#resend();
    if (this.#connection.state.kind !== "connected") return;
    for (const entry of this.#outbox.due(pageClock.now())) this.#connection.send(sendFrame(entry));
    if (this.#outbox.entries.length > 0) this.#resend = pageClock.after(1_000, () => this.#flush());
  }

  /** @param {Frame} frame */
  #heard(frame) {
    if (frame.type === "hello") this.#greeted(frame.user);
    else if (frame.type === "accepted") this.#accepted(frame);
    else if (frame.type === "error") this.#refused(frame);
    else this.#ran(frame);
    this.#messages.changed();
  }

  /** @param {string} user */
  #greeted(user) {
    // Another tab signed in as somebody else: what waits here is not theirs to send.
    if (user !== this.#user) {
      this.stop();
      location.reload();
      return;
    }
    this.#flush();
    this.#loadList();
    if (this.#route.kind === "conversation") this.#loadThread(this.#route.id);
  }

  /** @param {import("./protocol.js").Accepted} frame */
  #accepted(frame) {
    const entry = this.#outbox.accepted(frame.id, frame.conversation);
    if (entry === null) return;
    const thread = this.#threads.get(frame.conversation) ?? new Thread();
    this.#threads.set(frame.conversation, thread);
    thread.accepted(frame, entry);
    if (this.#route.kind === "draft" && this.#route.id === entry.thread) {
      this.#route = { kind: "conversation", id: frame.conversation };
      history.replaceState(null, "", formatRoute(this.#route));
      this.#composer.move(frame.conversation);
      this.#messages.renamed(entry.thread, frame.conversation);
    }
    // Sent before: its answer may have come while nobody listened here.
    if (entry.sends > 1) this.#loadThread(frame.conversation);
    this.#flush();
    this.#planList();
    this.#show();
  }

  /** @param {import("./protocol.js").Problem} frame */
  #refused(frame) {
    const entry = this.#outbox.refused(frame.id, frame.detail);
    announce(entry === null ? frame.detail : `Not sent: ${frame.detail}`);
    this.#flush();
  }

  /** @param {import("./protocol.js").RunEvent|import("./protocol.js").Delta} frame */
  #ran(frame) {
    const thread = this.#threads.get(frame.conversation);
    const open = frame.conversation === this.#thread();
    const found = frame.type === "event" ? thread?.event(frame) : thread?.delta(frame);
    // A run of another tab: its question is not here yet.
    if (open && found && !found.known) this.#loadThread(frame.conversation);
    if (frame.type !== "event") return;
    if (!thread || frame.event === "agent_completed") this.#planList();
    if (open && found) announce(spoken(frame, found.item.text));
  }

  #planList() {
    this.#listPlanned();
    this.#listPlanned = pageClock.after(300, () => this.#loadList());
  }

  async #loadList() {
    try {
      this.#conversations = await session.conversations();
      if (!this.#listeners.signal.aborted) this.#show();
    } catch (problem) {
      this.#failed(problem);
    }
  }

  /** @param {string} id */
  async #loadThread(id) {
    const open = () => this.#thread() === id;
    if (open()) this.#loading = "Loading the conversation";
    try {
      const stored = await session.conversation(id);
      const thread = this.#threads.get(id) ?? new Thread();
      this.#threads.set(id, thread);
      thread.load(stored);
      if (open()) this.#loading = "";
    } catch (problem) {
      const status = problem instanceof session.Refusal ? problem.status : 0;
      this.#missing = open() && status === 404;
      if (open()) this.#loading = this.#missing ? "There is no such conversation among yours." : "The conversation comes as soon as the server is ready.";
      this.#failed(problem);
    }
    if (open() && !this.#listeners.signal.aborted) this.#show();
  }

  /** What cannot be had now is asked for again at the next hello. @param {unknown} problem */
  #failed(problem) {
    if (this.#listeners.signal.aborted || !(problem instanceof session.Refusal) || problem.status !== 401) return;
    this.stop();
    this.#onSignedOut("Your session has ended. Sign in again to go on; what you wrote is kept in this tab.");
  }
}
