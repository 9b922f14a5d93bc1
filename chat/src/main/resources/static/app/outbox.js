// @ts-check
// What was written and is not yet accepted. An entry keeps its id until then and is sent again with it,
// which the server takes once: nothing is lost, nothing doubled. A new conversation has no id before its
// first message is accepted; until then its messages share a draft, and only the first of them is sent.

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} thread the conversation's id, or the draft's
 * @property {string|null} conversation null while the conversation is new
 * @property {string} text
 * @property {number} sends how often it was sent, in all sessions
 * @property {number|null} sentAt when it was last sent in this session, null if it was not
 * @property {string|null} problem why the server did not take it
 */

/** Sent again within a session when no `accepted` came for this long, in milliseconds. */
export const AGAIN_AFTER = 10_000;

/** Not safe to share: one page, one outbox. */
export class Outbox {
  /** @type {Entry[]} */
  #entries = [];
  #storage;
  #key;

  /**
   * @param {Pick<Storage, "getItem"|"setItem"|"removeItem">} storage outlives a reload of the page
   * @param {string} user entries are one user's own
   */
  constructor(storage, user) {
    this.#storage = storage;
    this.#key = `vestibule.outbox.${user}`;
    try {
      const kept = JSON.parse(storage.getItem(this.#key) ?? "[]");
      if (Array.isArray(kept)) this.#entries = kept.map((entry) => ({ ...entry, sentAt: null }));
    } catch {
      // Storage that cannot be read is as good as empty.
    }
  }

  get entries() {
    return /** @type {readonly Entry[]} */ (this.#entries);
  }

  /** @param {string} thread */
  of(thread) {
    return this.#entries.filter((entry) => entry.thread === thread);
  }

  /** Drafts of new conversations, oldest first. @returns {{thread: string, text: string}[]} */
  drafts() {
    const first = new Map();
    for (const { thread, conversation, text } of this.#entries) {
      if (conversation === null && !first.has(thread)) first.set(thread, text);
    }
    return [...first].map(([thread, text]) => ({ thread, text }));
  }

  /**
   * @param {{id: string, thread: string, conversation: string|null, text: string}} message
   * @returns {Entry}
   */
  add(message) {
    const entry = { ...message, sends: 0, sentAt: null, problem: null };
    this.#entries.push(entry);
    this.#save();
    return entry;
  }

  /**
   * The entries to send now, marked as sent: those not sent in this session, or long without an answer.
   *
   * @param {number} now
   * @returns {Entry[]}
   */
  due(now) {
    const held = new Set();
    const due = [];
    for (const entry of this.#entries) {
      if (entry.problem !== null) continue;
      if (entry.conversation === null) {
        if (held.has(entry.thread)) continue;
        held.add(entry.thread);
      }
      if (entry.sentAt !== null && now - entry.sentAt < AGAIN_AFTER) continue;
      entry.sentAt = now;
      entry.sends++;
      due.push(entry);
    }
    if (due.length > 0) this.#save();
    return due;
  }

  /** The session is gone: everything not accepted has to be sent again. */
  sessionLost() {
    for (const entry of this.#entries) entry.sentAt = null;
  }

  /**
   * @param {string} id
   * @param {string} conversation
   * @returns {Entry|null} the entry that was accepted, null when it was not ours or already gone
   */
  accepted(id, conversation) {
    const entry = this.remove(id);
    if (entry !== null && entry.conversation === null) {
      for (const other of this.#entries) {
        if (other.thread !== entry.thread) continue;
        other.thread = conversation;
        other.conversation = conversation;
      }
      this.#save();
    }
    return entry;
  }

  /**
   * @param {string|null} id
   * @param {string} problem
   * @returns {Entry|null}
   */
  refused(id, problem) {
    const entry = this.#entries.find((each) => each.id === id) ?? null;
    if (entry !== null) {
      entry.problem = problem;
      this.#save();
    }
    return entry;
  }

  /**
   * Tries a refused entry again under a new id: the old one has had its answer.
   *
   * @param {string} id
   * @param {string} newId
   */
  retry(id, newId) {
    const entry = this.#entries.find((each) => each.id === id);
    if (entry === undefined) return;
    Object.assign(entry, { id: newId, problem: null, sends: 0, sentAt: null });
    this.#save();
  }

  /**
   * @param {string} id
   * @returns {Entry|null}
   */
  remove(id) {
    const at = this.#entries.findIndex((entry) => entry.id === id);
    if (at < 0) return null;
    const [entry] = this.#entries.splice(at, 1);
    this.#save();
    return entry;
  }

  clear() {
    this.#entries = [];
    this.#save();
  }

  #save() {
    try {
      if (this.#entries.length === 0) this.#storage.removeItem(this.#key);
      else this.#storage.setItem(this.#key, JSON.stringify(this.#entries));
    } catch {
      // Full or forbidden storage costs what survives a reload, nothing else.
    }
  }
}
