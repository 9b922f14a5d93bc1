// @ts-check
import { isComplete, list, runningPhases } from "./startup.js";

/** @typedef {import("./connection.js").State} State */
/** @typedef {import("./startup.js").Startup} Startup */

/**
 * A state in words. The first part says what holds and changes seldom; the second may change every second
 * and is not read out.
 *
 * @param {State} state
 * @param {number} now on the connection's clock
 * @returns {{says: string, more: string}}
 */
export function stateWords(state, now) {
  const seconds = state.retryAt === null ? null : Math.max(0, Math.ceil((state.retryAt - now) / 1000));
  const when = seconds === null ? "now" : `in ${seconds} s`;
  switch (state.kind) {
    case "connecting":
      return { says: "Connecting", more: "" };
    case "waiting":
      return { says: "Waiting at the door", more: doorMore(state.startup) };
    case "connected":
      return { says: "Connected", more: "" };
    case "restarting":
      return { says: "Restarting: reconnecting", more: when };
    case "lost":
      return { says: "Connection lost: reconnecting", more: when };
    case "offline":
      return { says: "Offline", more: "" };
    case "refused":
      return { says: `Refused: ${state.reason}`, more: `(trying again ${when})` };
    case "signed-out":
      return { says: "Signed out", more: "" };
  }
}

/** @param {Startup|null} startup */
function doorMore(startup) {
  if (startup === null) return "(server is starting)";
  if (startup.state === "FAILED") return "(startup failed)";
  const running = runningPhases(startup);
  if (isComplete(startup)) return "(server is ready)";
  return running.length === 0 ? "(server is starting)" : `(server is starting: ${list(running)})`;
}
