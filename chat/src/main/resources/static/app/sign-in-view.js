// @ts-check
// Signing in by name and password, and what became of a link.
import { byId, say } from "./dom.js";
import { Refusal } from "./session.js";

export class SignInView {
  #form = byId("sign-in-form", HTMLFormElement);
  #name = byId("name", HTMLInputElement);
  #password = byId("password", HTMLInputElement);
  #problem = byId("sign-in-problem");
  #note = byId("sign-in-note");
  #button = byId("sign-in-button", HTMLButtonElement);

  /** @param {(name: string, password: string) => Promise<void>} signIn */
  constructor(signIn) {
    this.#form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!this.#filled() || this.#button.disabled) return;
      this.#button.disabled = true;
      say(this.#button, "Signing in");
      try {
        await signIn(this.#name.value, this.#password.value);
        this.#password.value = "";
      } catch (problem) {
        this.#refused(problem);
      } finally {
        this.#button.disabled = false;
        say(this.#button, "Sign in");
      }
    });
  }

  /** @param {string} note why this view is shown, or nothing */
  open(note) {
    say(this.#note, note);
    this.#note.hidden = note === "";
    this.#complain("", null);
    document.title = "Sign in \u2013 Vestibule";
    this.#name.focus();
  }

  #filled() {
    if (this.#name.value.trim() === "") this.#complain("Enter your name.", this.#name);
    else if (this.#password.value === "") this.#complain("Enter your password.", this.#password);
    else return true;
    return false;
  }

  /** @param {unknown} problem */
  #refused(problem) {
    this.#password.value = "";
    if (problem instanceof Refusal && problem.status === 401) {
      this.#complain("Name and password do not match. Check both and try again.", this.#password);
    } else if (problem instanceof Refusal && problem.status === 429) {
      const seconds = Math.ceil(problem.retryAfter ?? 60);
      this.#complain(`Too many attempts. Wait ${inWords(seconds)}, then try again.`, this.#password);
    } else if (problem instanceof Refusal) {
      this.#complain(problem.message, this.#password);
    } else {
      this.#complain("The server cannot be reached. Try again in a moment.", this.#password);
    }
  }

  /** @param {string} text @param {HTMLInputElement|null} field */
  #complain(text, field) {
    say(this.#problem, text);
    for (const each of [this.#name, this.#password]) each.setAttribute("aria-invalid", String(each === field));
    field?.focus();
  }
}

/** @param {number} seconds */
export function inWords(seconds) {
  if (seconds === 1) return "1 second";
  if (seconds < 90) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
