// @ts-check
// Where a message is written. Usable at any time: what is sent at the door waits in the outbox.
import { byId, say } from "./dom.js";
import { excess } from "./protocol.js";

export class Composer {
  #form = byId("composer", HTMLFormElement);
  #field = byId("text", HTMLTextAreaElement);
  #button = byId("send", HTMLButtonElement);
  #problem = byId("text-problem");
  #place = "";
  #send;

  /** @param {(text: string) => void} send */
  constructor(send) {
    this.#send = send;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => this.#changed());
    this.#field.addEventListener("keydown", (event) => {
      // While an input method composes, Enter chooses a word.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
  }

  /** Each conversation has its own unfinished text, which survives a reload. @param {string} place */
  open(place) {
    this.#place = `vestibule.text.${place}`;
    this.#field.value = sessionStorage.getItem(this.#place) ?? "";
    this.#changed();
  }

  /** What is open has got its id; the text in the field stays. @param {string} place */
  move(place) {
    sessionStorage.removeItem(this.#place);
    this.#place = `vestibule.text.${place}`;
    this.#changed();
  }

  focus() {
    // On a phone this would raise the keyboard over what was just opened.
    if (matchMedia("(hover: hover)").matches) this.#field.focus();
  }

  /** @param {string} text */
  begin(text) {
    this.#field.value = text;
    this.#changed();
    this.#field.focus();
    this.#field.setSelectionRange(text.length, text.length);
  }

  #submit() {
    const text = this.#field.value.trim();
    if (text === "" || excess(text) > 0) return;
    this.#field.value = "";
    this.#changed();
    this.#send(text);
  }

  #changed() {
    const text = this.#field.value;
    if (text === "") sessionStorage.removeItem(this.#place);
    else sessionStorage.setItem(this.#place, text);
    const over = excess(text.trim());
    say(this.#problem, over > 0 ? `This is ${over} bytes longer than the server takes (64 KiB).` : "");
    this.#field.setAttribute("aria-invalid", String(over > 0));
    this.#button.disabled = text.trim() === "" || over > 0;
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }
}
