// @ts-check
// What is open, in the address: #/c/ID a conversation, #/d/ID a new one whose first message waits, #/ a new one.

/** @typedef {{kind: "conversation"|"draft", id: string}|{kind: "new"}} Route */

/** @param {string} hash @returns {Route} */
export function parseRoute(hash) {
  const match = /^#\/([cd])\/([0-9a-f-]{36})$/.exec(hash);
  if (match === null) return { kind: "new" };
  return { kind: match[1] === "c" ? "conversation" : "draft", id: match[2] };
}

/** @param {Route} route @returns {string} */
export function formatRoute(route) {
  if (route.kind === "new") return "#/";
  return `#/${route.kind === "conversation" ? "c" : "d"}/${route.id}`;
}

/**
 * Takes the sign-in token out of the address, so that it stays in no history entry.
 *
 * @param {{hash: string, pathname: string, search: string}} location
 * @param {{replaceState: (data: any, unused: string, url: string) => void}} history
 * @returns {string|null}
 */
export function takeToken(location, history) {
  const match = /^#sign-in=(.+)$/.exec(location.hash);
  if (match === null) return null;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return match[1];
  }
}
