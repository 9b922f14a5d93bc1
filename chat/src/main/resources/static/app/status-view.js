// @ts-check
// The state of the connection, in words at all times; and the panel for somebody who waits.
import { pageClock } from "./door.js";
import { byId, say } from "./dom.js";
import { stateWords } from "./connection-words.js";
import { StartupPanel } from "./startup-panel.js";

/** @typedef {import("./connection.js").State} State */

export class StatusView {
  #status = byId("status");
  #says = byId("status-says");
  #more = byId("status-more");
  #now = byId("retry-now", HTMLButtonElement);
  #dock = byId("dock-startup");
  #panel = new StartupPanel("h2");
  /** @type {State|null} */
  #state = null;
  #stopTick = () => {};

  /** @param {() => void} knock */
  constructor(knock) {
    this.#dock.append(this.#panel.element);
    this.#now.addEventListener("click", knock);
  }

  /** @param {State} state */
  show(state) {
    this.#state = state;
    this.#status.dataset.kind = state.kind;
    this.#paint();
  }

  close() {
    this.#stopTick();
  }

  #paint() {
    this.#stopTick();
    const state = this.#state;
    if (state === null) return;
    const now = pageClock.now();
    const { says, more } = stateWords(state, now);
    say(this.#says, says);
    say(this.#more, more);
    this.#now.hidden = state.retryAt === null;
    const told = state.kind === "refused" && state.startup !== null;
    this.#dock.hidden = state.kind !== "waiting" && !told;
    if (!this.#dock.hidden) this.#panel.show(state.startup, now - state.since);
    const ticks = state.retryAt !== null || (state.kind === "waiting" && state.startup === null);
    if (ticks) this.#stopTick = pageClock.after(250, () => this.#paint());
  }
}
