// @ts-check
// What somebody at the door sees: what is happening, how far it is, each phase in words and by its mark.
import { el, say } from "./dom.js";
import { doorWords, duration, phaseWords, progress } from "./startup.js";

/** @typedef {import("./startup.js").Startup} Startup */

let count = 0;

export class StartupPanel {
  #heading;
  #sentence = el("p", { class: "sentence" });
  #bar = el("progress", { "aria-label": "Startup" });
  #far = el("span");
  #elapsed = el("span", { class: "elapsed" });
  #phases = el("ol", { class: "phases", "aria-label": "Phases of startup" });
  /** @type {Map<string, {row: HTMLElement, words: HTMLElement}>} */
  #rows = new Map();

  /** @param {"h1"|"h2"} heading its level on the page */
  constructor(heading) {
    this.#heading = el(heading);
    this.#heading.id = `startup-${++count}`;
    this.element = el("section", { class: "startup", "aria-labelledby": this.#heading.id },
      this.#heading,
      this.#sentence,
      el("div", { class: "far" }, this.#bar, el("p", { class: "numbers" }, this.#far, this.#elapsed)),
      this.#phases);
  }

  /**
   * @param {Startup|null} startup null while the server has not answered
   * @param {number} waited since this page knocked, in milliseconds
   */
  show(startup, waited) {
    const { heading, sentence } = doorWords(startup);
    say(this.#heading, heading);
    say(this.#sentence, sentence);
    this.element.dataset.state = startup?.state ?? "RUNNING";
    this.#phases.hidden = startup === null;
    if (startup === null) {
      this.#bar.removeAttribute("value");
      say(this.#far, "No answer yet");
      say(this.#elapsed, `waiting for ${duration(waited)}`);
      return;
    }
    const { done, of } = progress(startup);
    this.#bar.max = Math.max(1, of);
    this.#bar.value = done;
    say(this.#far, `${done} of ${of} phases done`);
    say(this.#elapsed, `${startup.state === "RUNNING" ? "running" : "ran"} for ${duration(startup.elapsedMillis)}`);
    this.#showPhases(startup);
  }

  /** @param {Startup} startup */
  #showPhases({ phases, elapsedMillis }) {
    const names = new Set(phases.map(({ name }) => name));
    for (const [name, { row }] of this.#rows) {
      if (names.has(name)) continue;
      row.remove();
      this.#rows.delete(name);
    }
    for (const phase of phases) {
      let shown = this.#rows.get(phase.name);
      if (shown === undefined) {
        const words = el("span", { class: "words" });
        const row = el("li", {}, el("span", { class: "mark", "aria-hidden": "true" }), el("span", { class: "name" }, phase.name), words);
        shown = { row, words };
        this.#rows.set(phase.name, shown);
        this.#phases.append(row);
      }
      shown.row.dataset.state = phase.state;
      say(shown.words, phaseWords(phase, elapsedMillis));
    }
  }
}
