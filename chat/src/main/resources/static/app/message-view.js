// @ts-check
// One message: who says it, its steps, its text, what is to be known of its state.
import { el, say } from "./dom.js";
import { renderMarkdown } from "./markdown.js";

/** @typedef {import("./thread.js").Item} Item */
/** @typedef {import("./outbox.js").Entry} Entry */

export class AnswerView {
  #steps = el("ol", { class: "steps", "aria-label": "Steps" });
  #text = el("div", { class: "markdown" });
  #note = el("p", { class: "note" });
  #version = -1;

  constructor() {
    this.element = el("article", { class: "message answer" }, el("h2", { class: "unseen" }, "Guide"), this.#steps, this.#text, this.#note);
  }

  /** @param {Item} item */
  show(item) {
    if (this.#version === item.version) return;
    this.#version = item.version;
    this.element.dataset.state = item.state;
    this.element.setAttribute("aria-busy", String(item.state === "running"));
    this.#showSteps(item);
    renderMarkdown(this.#text, item.text);
    say(this.#note, note(item));
    this.#note.hidden = this.#note.textContent === "";
  }

  /** @param {Item} item */
  #showSteps({ steps }) {
    this.#steps.hidden = steps.length === 0;
    steps.forEach((step, at) => {
      let row = /** @type {HTMLElement|undefined} */ (this.#steps.children[at]);
      if (row === undefined) {
        row = el("li", {}, el("span", { class: "mark", "aria-hidden": "true" }), el("span", { class: "words" }, el("span", { class: "title" }), el("span", { class: "result" })));
        this.#steps.append(row);
      }
      row.dataset.kind = step.kind;
      row.dataset.done = String(step.done);
      const [title, result] = row.children[1].children;
      say(title, step.title);
      say(result, step.result);
    });
    while (this.#steps.children.length > steps.length) this.#steps.lastElementChild?.remove();
  }
}

/** @param {Item} item */
function note(item) {
  if (item.state === "interrupted") return "This answer was interrupted. What there is of it is kept; ask again for the rest.";
  if (item.state !== "running") return "";
  if (item.gap) return "Part of this answer came while you were away. It is shown whole as soon as it is finished.";
  if (item.text === "" && item.steps.length === 0) return "The answer is on its way.";
  return "";
}

export class QuestionView {
  #text = el("p", { class: "said" });

  constructor() {
    this.element = el("article", { class: "message question" }, el("h2", { class: "unseen" }, "You"), this.#text);
  }

  /** @param {Item} item */
  show(item) {
    this.element.dataset.state = item.state;
    say(this.#text, item.text);
  }
}

export class UnsentView {
  #text = el("p", { class: "said" });
  #note = el("p", { class: "note" });
  #actions;

  /**
   * @param {string} id
   * @param {(id: string) => void} retry
   * @param {(id: string) => void} discard
   */
  constructor(id, retry, discard) {
    const again = el("button", { type: "button", class: "quiet" }, "Send again");
    const away = el("button", { type: "button", class: "quiet" }, "Discard");
    again.addEventListener("click", () => retry(id));
    away.addEventListener("click", () => discard(id));
    this.#actions = el("p", { class: "actions" }, again, away);
    this.element = el("article", { class: "message question unsent" }, el("h2", { class: "unseen" }, "You"), this.#text, this.#note, this.#actions);
  }

  /** @param {Entry} entry @param {boolean} connected */
  show(entry, connected) {
    const refused = entry.problem !== null;
    this.element.dataset.state = refused ? "refused" : "waiting";
    say(this.#text, entry.text);
    say(this.#note, refused ? `Not sent: ${entry.problem}` : connected && entry.sentAt !== null ? "Sending" : "Waiting to be sent");
    this.#actions.hidden = !refused;
  }
}
