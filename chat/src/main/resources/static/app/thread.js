// @ts-check
// One conversation as the page knows it: what the server stored, and what its runs have said since.

/** @typedef {import("./protocol.js").Accepted} Accepted */
/** @typedef {import("./protocol.js").RunEvent} RunEvent */
/** @typedef {import("./protocol.js").Delta} Delta */
/** @typedef {{kind: string, title: string, result: string, done: boolean}} Step */
/**
 * @typedef {object} Item
 * @property {string} key stays the same for as long as the page shows it
 * @property {string|null} message the server's id, once known
 * @property {"user"|"assistant"} role
 * @property {string} text
 * @property {"complete"|"running"|"interrupted"} state
 * @property {string|null} run
 * @property {string|null} answers the user's message that a run answers
 * @property {number} seq the last one heard
 * @property {boolean} gap something between was missed: its text waits for the whole answer
 * @property {boolean} heard whether this session said something of the run
 * @property {Step[]} steps
 * @property {number} version grows with every change
 */
/** @typedef {{id: string, role: "user"|"assistant", text: string, state: Item["state"], createdAt: string}} Message */

export class Thread {
  /** @type {Item[]} */
  items = [];
  title = "";
  loaded = false;

  /**
   * Takes what the server stored. What this page knows better (a run that goes on, steps) stays.
   *
   * @param {{title: string, messages: Message[]}} stored
   */
  load({ title, messages }) {
    this.title = title;
    this.loaded = true;
    const before = this.items;
    const used = new Set();
    this.items = messages.map((message, at) => {
      const previous = messages[at - 1];
      const item = before.find((each) => !used.has(each) && this.#same(each, message, previous)) ?? fresh(message.role, message.id);
      used.add(item);
      item.message = message.id;
      const older = message.state === "running" && item.state !== "running" && item.version > 0;
      const shorter = message.state === "running" && item.text.length > message.text.length;
      if (!older && !shorter) item.text = message.text;
      if (!older) item.state = message.state;
      if (item.state !== "running") finish(item);
      item.version++;
      return item;
    });
    for (const item of before) {
      // A run heard of in an earlier session that the server does not name any more has ended elsewhere.
      const ended = item.state === "running" && item.message === null && item.answers === null && !item.heard;
      if (!used.has(item) && !ended) this.items.push(item);
    }
  }

  /**
   * @param {Accepted} frame
   * @param {{id: string, text: string}} entry
   */
  accepted(frame, entry) {
    this.title = frame.title ?? this.title;
    let at = this.items.findIndex((item) => item.message === frame.message);
    if (at < 0) {
      const user = fresh("user", entry.id);
      Object.assign(user, { message: frame.message, text: entry.text, state: "complete" });
      at = this.items.push(user) - 1;
    }
    if (this.items.some((item) => item.run === frame.run)) return;
    const next = this.items[at + 1];
    if (next?.role === "assistant") {
      next.run ??= frame.run;
    } else {
      const answer = fresh("assistant", frame.run);
      Object.assign(answer, { run: frame.run, answers: frame.message, heard: true });
      this.items.splice(at + 1, 0, answer);
    }
  }

  /**
   * @param {RunEvent} frame
   * @returns {{item: Item, known: boolean}|null} null when it was heard before
   */
  event(frame) {
    const message = typeof frame.detail.message === "string" ? frame.detail.message : null;
    const found = this.#of(frame.run, message);
    const { item } = found;
    if (frame.event === "agent_completed") {
      complete(item, frame, message);
      return found;
    }
    // A run that was taken up again begins again.
    if (frame.event === "agent_started" && !item.heard && item.seq > 0) Object.assign(item, { text: "", steps: [], seq: 0, gap: false });
    if (!advance(item, frame.seq)) return null;
    step(item, frame);
    return found;
  }

  /**
   * @param {Delta} frame
   * @returns {{item: Item, known: boolean}|null} null when it was heard before
   */
  delta(frame) {
    const found = this.#of(frame.run, null);
    const { item } = found;
    if (!advance(item, frame.seq)) return null;
    for (const each of item.steps) each.done = true;
    if (!item.gap) item.text += frame.text;
    return found;
  }

  /** Frames may be missed from now on. */
  sessionLost() {
    for (const item of this.items) item.heard = false;
  }

  /**
   * @param {Item} item
   * @param {Message} message
   * @param {Message|undefined} previous
   */
  #same(item, message, previous) {
    if (item.message !== null) return item.message === message.id;
    if (item.role !== message.role || item.role === "user") return false;
    if (item.answers !== null) return item.answers === previous?.id;
    const known = this.items.some((each) => each.message === message.id);
    return message.state === "running" && !known;
  }

  /**
   * @param {string} run
   * @param {string|null} message
   * @returns {{item: Item, known: boolean}}
   */
  #of(run, message) {
    const known =
      this.items.find((item) => item.run === run) ??
      this.items.find((item) => message !== null && item.message === message) ??
      this.items.find((item) => item.role === "assistant" && item.state === "running" && item.run === null);
    if (known !== undefined) {
      known.run = run;
      return { item: known, known: true };
    }
    const item = fresh("assistant", run);
    item.run = run;
    this.items.push(item);
    return { item, known: false };
  }
}

/**
 * @param {Item["role"]} role
 * @param {string} key
 * @returns {Item}
 */
function fresh(role, key) {
  return { key, message: null, role, text: "", state: "running", run: null, answers: null, seq: 0, gap: false, heard: false, steps: [], version: 0 };
}

/**
 * @param {Item} item
 * @param {number} seq
 * @returns {boolean} whether it is new
 */
function advance(item, seq) {
  if (item.state !== "running" || seq <= item.seq) return false;
  if (seq !== item.seq + 1) item.gap = true;
  item.seq = seq;
  item.heard = true;
  item.version++;
  return true;
}

/**
 * @param {Item} item
 * @param {RunEvent} frame
 */
function step(item, { event, detail }) {
  const last = item.steps[item.steps.length - 1];
  const title = String(detail.title ?? detail.tool ?? "");
  if (event === "tool_completed" && last?.kind === "tool") {
    Object.assign(last, { done: true, result: String(detail.result ?? "") });
    return;
  }
  for (const each of item.steps) each.done = true;
  if (event === "agent_started") item.steps.push({ kind: "started", title: "Started", result: "", done: false });
  if (event === "agent_thinking") item.steps.push({ kind: "thinking", title: "Thinking", result: String(detail.text ?? ""), done: false });
  if (event === "tool_executing") item.steps.push({ kind: "tool", title, result: "", done: false });
  if (event === "tool_completed") item.steps.push({ kind: "tool", title, result: String(detail.result ?? ""), done: true });
}

/**
 * @param {Item} item
 * @param {RunEvent} frame
 * @param {string|null} message
 */
function complete(item, frame, message) {
  item.message = message ?? item.message;
  if (typeof frame.detail.text === "string") item.text = frame.detail.text;
  item.state = frame.detail.state === "interrupted" ? "interrupted" : "complete";
  item.seq = Math.max(item.seq, frame.seq);
  finish(item);
  if (item.steps.length > 0 && !item.steps.some(({ kind }) => kind === "completed")) {
    const title = item.state === "complete" ? "Completed" : "Interrupted";
    item.steps.push({ kind: "completed", title, result: "", done: true });
  }
  item.version++;
}

/** @param {Item} item */
function finish(item) {
  item.gap = false;
  for (const each of item.steps) each.done = true;
}
