// @ts-check
// The list of conversations: beside the messages where there is room, a drawer where there is not.
import { byId, el, say } from "./dom.js";
import { formatRoute } from "./route.js";

/** @typedef {import("./session.js").Conversation} Conversation */

export class ConversationsView {
  #drawer = byId("drawer");
  #list = byId("conversations");
  #note = byId("conversations-note");
  #opener = byId("open-drawer", HTMLButtonElement);
  #main = byId("main");
  #narrow = matchMedia("(max-width: 719px)");
  #open = false;

  constructor() {
    this.#opener.addEventListener("click", () => this.#show(true));
    byId("close-drawer").addEventListener("click", () => this.#show(false));
    byId("veil").addEventListener("click", () => this.#show(false));
    this.#narrow.addEventListener("change", () => this.#show(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#open) this.#show(false);
    });
    this.#list.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("a")) this.close();
    });
    this.#show(false);
  }

  close() {
    if (this.#open) this.#show(false);
  }

  /** @param {boolean} open */
  #show(open) {
    const narrow = this.#narrow.matches;
    const was = this.#open;
    this.#open = open && narrow;
    document.body.classList.toggle("drawer-open", this.#open);
    this.#opener.setAttribute("aria-expanded", String(this.#open));
    // What is covered or away cannot be reached by Tab either.
    this.#drawer.inert = narrow && !this.#open;
    this.#main.inert = this.#open;
    if (this.#open) byId("close-drawer").focus();
    else if (was && narrow) this.#opener.focus();
  }

  /**
   * @param {Conversation[]|null} conversations null while they are not known
   * @param {{thread: string, text: string}[]} drafts
   * @param {string} current the open thread
   * @param {string} why what to say while they are not known
   */
  show(conversations, drafts, current, why) {
    const now = new Date();
    const waiting = drafts.map(({ thread, text }) => row(formatRoute({ kind: "draft", id: thread }), text, "Waiting to be sent", thread === current));
    const known = (conversations ?? []).map(({ id, title, updatedAt }) =>
      row(formatRoute({ kind: "conversation", id }), title || "Untitled", when(new Date(updatedAt), now), id === current));
    const focused = document.activeElement?.getAttribute("href");
    const had = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...waiting, ...known);
    if (had && focused) /** @type {HTMLElement|null} */ (this.#list.querySelector(`a[href="${CSS.escape(focused)}"]`))?.focus();
    say(this.#note, conversations === null ? why : conversations.length + drafts.length === 0 ? "No conversations yet." : "");
    this.#note.hidden = this.#note.textContent === "";
  }
}

/**
 * @param {string} href
 * @param {string} title
 * @param {string} time
 * @param {boolean} current
 */
function row(href, title, time, current) {
  return el("li", {}, el("a", { href, "aria-current": current ? "page" : null }, el("span", { class: "title" }, title), el("span", { class: "time" }, time)));
}

/** @param {Date} date @param {Date} now */
function when(date, now) {
  if (Number.isNaN(date.getTime())) return "";
  if (date.toDateString() === now.toDateString()) return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString([], { day: "numeric", month: "short", year });
}
