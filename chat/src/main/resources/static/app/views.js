// @ts-check
import { Composer } from "./composer.js";
import { ConversationsView } from "./conversations-view.js";
import { MessagesView, fillSuggestions } from "./messages-view.js";
import { StatusView } from "./status-view.js";

/** @typedef {import("./chat.js").Chat} Chat */
/** @typedef {{messages: MessagesView, list: ConversationsView, composer: Composer, status: StatusView}} Views */

/**
 * The views, made once; who is signed in may change.
 *
 * @param {() => Chat|null} chat
 * @returns {Views}
 */
export function makeViews(chat) {
  const send = (/** @type {string} */ text) => chat()?.send(text);
  const composer = new Composer(send);
  fillSuggestions(send, (text) => composer.begin(text));
  const none = { thread: "", items: [], unsent: [], connected: false, loading: "" };
  const messages = new MessagesView(() => chat()?.read() ?? none, {
    retry: (id) => chat()?.retry(id),
    discard: (id) => chat()?.discard(id),
  });
  return { messages, composer, list: new ConversationsView(), status: new StatusView(() => chat()?.knock()) };
}
