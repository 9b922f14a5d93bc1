// @ts-check
// The frames of docs/chat-protocol.md.

/** @typedef {{type: "hello", user: string}} Hello */
/** @typedef {{type: "accepted", id: string, conversation: string, title: string, message: string, run: string}} Accepted */
/**
 * @typedef {object} RunEvent
 * @property {"event"} type
 * @property {string} conversation
 * @property {string} run
 * @property {number} seq
 * @property {"agent_started"|"agent_thinking"|"tool_executing"|"tool_completed"|"agent_completed"} event
 * @property {Record<string, unknown>} detail
 */
/** @typedef {{type: "delta", conversation: string, run: string, seq: number, text: string}} Delta */
/** @typedef {{type: "error", id: string|null, detail: string}} Problem */
/** @typedef {Hello|Accepted|RunEvent|Delta|Problem} Frame */

/** What the server takes in one frame, in bytes. */
export const LARGEST_FRAME = 64 * 1024;

/** Close code: the server restarts. */
export const RESTART = 1012;
/** Close code: refused by close, where the server is configured so. */
export const TRY_LATER = 1013;
/** Close code: the session was signed out. */
export const SIGNED_OUT = 4401;

/** What each frame must carry, and as which type. @type {Record<string, Record<string, string>>} */
const SHAPES = {
  hello: { user: "string" },
  accepted: { id: "string", conversation: "string", message: "string", run: "string" },
  event: { conversation: "string", run: "string", seq: "number", event: "string" },
  delta: { conversation: "string", run: "string", seq: "number", text: "string" },
  error: { detail: "string" },
};

/**
 * Reads a frame. One that is not understood gives null: a newer server may say more than this page knows.
 *
 * @param {unknown} data
 * @returns {Frame|null}
 */
export function parseFrame(data) {
  if (typeof data !== "string") return null;
  let frame;
  try {
    frame = JSON.parse(data);
  } catch {
    return null;
  }
  if (frame === null || typeof frame !== "object") return null;
  const shape = Object.hasOwn(SHAPES, frame.type) ? SHAPES[frame.type] : null;
  if (shape === null) return null;
  for (const [name, type] of Object.entries(shape)) {
    if (typeof frame[name] !== type) return null;
  }
  if (frame.type === "event" && (frame.detail === null || typeof frame.detail !== "object")) frame.detail = {};
  return frame;
}

/**
 * @param {{id: string, conversation: string|null, text: string}} entry
 * @returns {string}
 */
export function sendFrame({ id, conversation, text }) {
  return JSON.stringify({ type: "send", id, conversation, text });
}

/**
 * How many bytes a text is over what one frame takes; 0 when it fits.
 *
 * @param {string} text
 * @returns {number}
 */
export function excess(text) {
  const id = "00000000-0000-0000-0000-000000000000";
  const bytes = new TextEncoder().encode(sendFrame({ id, conversation: id, text })).length;
  return Math.max(0, bytes - LARGEST_FRAME);
}
