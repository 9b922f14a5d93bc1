// @ts-check
// The messages of the open conversation. Painted at most once per frame, however fast the deltas come.
import { byId, el } from "./dom.js";
import { AnswerView, QuestionView, UnsentView } from "./message-view.js";

/** @typedef {import("./thread.js").Item} Item */
/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {{thread: string, items: Item[], unsent: Entry[], connected: boolean, loading: string}} Shown */

/** Closer to the end than this, in pixels, the page follows a growing answer. */
const NEAR = 80;

export class MessagesView {
  #scroller = byId("messages");
  #log = byId("log");
  #empty = byId("empty");
  #loading = byId("loading");
  #latest = byId("to-latest", HTMLButtonElement);
  /** @type {Map<string, {element: HTMLElement, show: (...what: any[]) => void, kind: string}>} */
  #views = new Map();
  #planned = false;
  #thread = "";
  #following = true;
  #read;
  #actions;

  /**
   * @param {() => Shown} read what to show, asked when it is painted
   * @param {{retry: (id: string) => void, discard: (id: string) => void}} actions
   */
  constructor(read, actions) {
    this.#read = read;
    this.#actions = actions;
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#latest.addEventListener("click", () => this.follow());
    new ResizeObserver(() => this.#keepUp()).observe(this.#scroller);
  }

  /** Something changed. */
  changed() {
    if (this.#planned) return;
    this.#planned = true;
    requestAnimationFrame(() => {
      this.#planned = false;
      this.#paint();
    });
  }

  /** Goes to the end and stays there. */
  follow() {
    this.#following = true;
    this.changed();
  }

  /** A new conversation has got its id: the same messages stay. @param {string} from @param {string} to */
  renamed(from, to) {
    if (this.#thread === from) this.#thread = to;
  }

  #paint() {
    const { thread, items, unsent, connected, loading } = this.#read();
    if (thread !== this.#thread) {
      this.#thread = thread;
      this.#views.clear();
      this.#log.replaceChildren();
      this.#following = true;
    }
    const shown = new Set();
    let at = 0;
    for (const item of items) {
      const view = this.#view(item.key, item.role, () => (item.role === "user" ? new QuestionView() : new AnswerView()));
      view.show(item);
      this.#place(view.element, at++);
      shown.add(item.key);
    }
    for (const entry of unsent) {
      const view = this.#view(entry.id, "unsent", () => new UnsentView(entry.id, this.#actions.retry, this.#actions.discard));
      view.show(entry, connected);
      this.#place(view.element, at++);
      shown.add(entry.id);
    }
    for (const [key, { element }] of this.#views) {
      if (shown.has(key)) continue;
      element.remove();
      this.#views.delete(key);
    }
    this.#loading.textContent = loading;
    this.#loading.hidden = loading === "";
    this.#empty.hidden = at > 0 || loading !== "";
    this.#keepUp();
  }

  /**
   * @param {string} key
   * @param {string} kind a message that was unsent becomes another view
   * @param {() => {element: HTMLElement, show: (...what: any[]) => void}} make
   */
  #view(key, kind, make) {
    const old = this.#views.get(key);
    if (old?.kind === kind) return old;
    const view = Object.assign(make(), { kind });
    if (old !== undefined) old.element.replaceWith(view.element);
    this.#views.set(key, view);
    return view;
  }

  /** @param {HTMLElement} element @param {number} at */
  #place(element, at) {
    const there = this.#log.children[at] ?? null;
    if (there !== element) this.#log.insertBefore(element, there);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#latest.hidden = this.#following;
  }

  #keepUp() {
    if (this.#following && this.#empty.hidden) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#latest.hidden = this.#following || !this.#empty.hidden;
  }
}

/**
 * The questions that the guide can be asked, as buttons.
 *
 * @param {(question: string) => void} send
 * @param {(question: string) => void} begin puts the question's beginning into the composer
 */
export function fillSuggestions(send, begin) {
  const asked = ["How did this server start?", "Who is waiting at the gate?"].map((question) => {
    const button = el("button", { type: "button", class: "suggestion" }, question);
    button.addEventListener("click", () => send(question));
    return el("li", {}, button);
  });
  const search = el("button", { type: "button", class: "suggestion" }, "Search my conversations for\u2026");
  search.addEventListener("click", () => begin("Search my conversations for "));
  byId("suggestions").replaceChildren(...asked, el("li", {}, search));
}
