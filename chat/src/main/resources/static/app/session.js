// @ts-check
// What the page asks over HTTP.
import { parseStartup } from "./startup.js";

/** @typedef {{id: string, title: string, updatedAt: string}} Conversation */
/** @typedef {import("./thread.js").Message} Message */

/** An answer that is not the one hoped for, in words for a person. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {number|null} retryAfter seconds
   */
  constructor(status, detail, retryAfter) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** @param {string} name */
function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found === undefined ? null : decodeURIComponent(found.slice(name.length + 1));
}

/** @param {Response} response @returns {Promise<Refusal>} */
async function refusal(response) {
  const problem = await response.json().catch(() => null);
  const seconds = Number(response.headers.get("Retry-After"));
  const waits = response.status === 503 || response.status === 429;
  const retryAfter = waits ? (seconds > 0 ? seconds : 1) : null;
  return new Refusal(response.status, problem?.detail ?? `The server answered ${response.status}.`, retryAfter);
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function ask(path, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  const response = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options, headers });
  if (!response.ok) throw await refusal(response);
  return response.status === 204 ? null : response.json();
}

/**
 * A request that changes something carries the CSRF token. Without one, or with one that has changed
 * meanwhile, any answer of the server brings the present one.
 *
 * @param {string} path
 * @param {unknown} [body]
 */
async function post(path, body) {
  if (cookie("XSRF-TOKEN") === null) await me();
  const once = () =>
    ask(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRF-TOKEN": cookie("XSRF-TOKEN") ?? "" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const token = cookie("XSRF-TOKEN");
  try {
    return await once();
  } catch (problem) {
    if (!(problem instanceof Refusal) || problem.status !== 403) throw problem;
    await me();
    if (cookie("XSRF-TOKEN") === token) throw problem;
    return once();
  }
}

/** @returns {Promise<{name: string}|null>} null when nobody is signed in */
export async function me() {
  try {
    return await ask("/api/me");
  } catch (problem) {
    if (problem instanceof Refusal && problem.status === 401) return null;
    throw problem;
  }
}

/** @returns {Promise<"yes"|"no"|"unknown">} */
export async function signedIn() {
  try {
    return (await me()) === null ? "no" : "yes";
  } catch {
    return "unknown";
  }
}

/** @param {string} token */
export const signInByLink = (token) => post("/api/sign-in/link", { token });

/** @param {string} name @param {string} password */
export const signInByPassword = (name, password) => post("/api/sign-in/password", { name, password });

export const signOut = () => post("/api/sign-out");

/** @returns {Promise<Conversation[]>} */
export const conversations = () => ask("/api/conversations");

/**
 * @param {string} id
 * @returns {Promise<{id: string, title: string, messages: Message[]}>}
 */
export const conversation = (id) => ask(`/api/conversations/${encodeURIComponent(id)}`);

/**
 * Both of its answers, 200 and 503, carry the same body.
 *
 * @param {AbortSignal} [signal]
 */
export async function startup(signal) {
  const response = await fetch("/startupz", { cache: "no-store", signal, headers: { Accept: "application/json" } });
  return parseStartup(await response.json().catch(() => null));
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether the server may be reachable: a device that talks to itself needs no network. */
export const online = () => LOOPBACK.test(location.hostname) || navigator.onLine;
