// @ts-check
import { token } from "./sign-in-link.js";
import { Chat } from "./chat.js";
import { byId, showView } from "./dom.js";
import { pageClock, untilReady } from "./door.js";
import * as session from "./session.js";
import { SignInView } from "./sign-in-view.js";
import { StartupPanel } from "./startup-panel.js";
import { makeViews } from "./views.js";

/** @typedef {import("./startup.js").Startup} Startup */

/** @type {Chat|null} */
let chat = null;
const views = makeViews(() => chat);
const panel = new StartupPanel("h1");
byId("view-door").append(panel.element);

/**
 * Asks the server something, showing its startup meanwhile when that takes long.
 *
 * @template T
 * @param {() => Promise<T>} attempt
 * @returns {Promise<T>}
 */
function atTheDoor(attempt) {
  const since = pageClock.now();
  const heard = (/** @type {Startup|null} */ startup) => {
    showView("door");
    document.title = "Waiting at the door \u2013 Vestibule";
    panel.show(startup, pageClock.now() - since);
  };
  return untilReady(() => attempt().catch(unreachable), { clock: pageClock, ask: session.startup, heard });
}

/** A server that is not there now is worth another try in a second. @param {any} problem @returns {never} */
function unreachable(problem) {
  if (problem instanceof session.Refusal) throw problem;
  throw new session.Refusal(0, "The server cannot be reached.", 1);
}

/** @param {string} name */
function enter(name) {
  chat = new Chat(views, name, (note) => askToSignIn(note));
  showView("chat");
  chat.start();
}

/** @param {string} note */
function askToSignIn(note) {
  chat = null;
  showView("sign-in");
  signIn.open(note);
}

const signIn = new SignInView(async (name, password) => {
  try {
    await atTheDoor(() => session.signInByPassword(name, password));
  } catch (problem) {
    showView("sign-in");
    throw problem;
  }
  await begin("");
});

/** Finds out who is there. @param {string} note for somebody who is not signed in */
async function begin(note) {
  const user = await atTheDoor(session.me);
  if (user === null) askToSignIn(note);
  else enter(user.name);
}

async function signInByLink(/** @type {string} */ link) {
  try {
    await atTheDoor(() => session.signInByLink(link));
  } catch (problem) {
    const spent = problem instanceof session.Refusal && problem.status === 401;
    await begin(spent
      ? "This sign-in link does not work any more: it was used already, or is older than 10 minutes."
      : "Signing in by this link failed; try again with a name and a password.");
    return;
  }
  await begin("");
}

byId("sign-out").addEventListener("click", async () => {
  if (chat === null) return;
  const { unsent } = chat;
  const question = `${unsent === 1 ? "One message is" : `${unsent} messages are`} not sent yet. Sign out and discard?`;
  if (unsent > 0 && !confirm(question)) return;
  const leaving = chat;
  try {
    leaving.stop();
    await session.signOut();
    leaving.forget();
    askToSignIn("You are signed out.");
  } catch (problem) {
    // A session that the server does not know any more is signed out, too.
    if (problem instanceof session.Refusal && problem.status === 401) askToSignIn("You are signed out.");
    else enter(byId("user").textContent ?? "");
  }
});

addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || chat === null) return;
  event.preventDefault();
  byId("new-conversation").click();
});

// The address says which conversation is open, so this link must not change it.
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("text").focus();
});

if (token !== null) signInByLink(token);
else begin("");
