// @ts-check
// What /startupz says, and how to say it to a person.

/** @typedef {"PENDING"|"RUNNING"|"READY"|"DOWN"|"FAILED"|"SKIPPED"|"CANCELLED"} PhaseState */
/**
 * @typedef {object} Phase
 * @property {string} name
 * @property {PhaseState} state
 * @property {boolean} optional
 * @property {number|null} startedMillis
 * @property {number|null} endedMillis
 * @property {number} attempt
 */
/** @typedef {{state: "RUNNING"|"COMPLETE"|"DEGRADED"|"FAILED"|"CLOSED", elapsedMillis: number, phases: Phase[]}} Startup */

const STATES = new Set(["RUNNING", "COMPLETE", "DEGRADED", "FAILED", "CLOSED"]);

/** @type {Record<PhaseState, string>} */
const WORDS = {
  PENDING: "not yet started",
  RUNNING: "running",
  READY: "ready",
  DOWN: "down",
  FAILED: "failed",
  SKIPPED: "skipped",
  CANCELLED: "cancelled",
};

/**
 * @param {any} body
 * @returns {Startup|null} null when it is not an answer of /startupz
 */
export function parseStartup(body) {
  if (body === null || typeof body !== "object" || !STATES.has(body.state) || !Array.isArray(body.phases)) return null;
  const phases = body.phases.filter((/** @type {any} */ p) => typeof p?.name === "string" && Object.hasOwn(WORDS, p.state));
  return { state: body.state, elapsedMillis: Number(body.elapsedMillis) || 0, phases };
}

/** @param {Startup} startup */
export function isComplete({ state }) {
  return state === "COMPLETE" || state === "DEGRADED";
}

/**
 * How far startup is: phases that stand in nobody's way, of all.
 *
 * @param {Startup} startup
 * @returns {{done: number, of: number}}
 */
export function progress({ state: whole, phases }) {
  const passed = (/** @type {Phase} */ { state, optional }) =>
    state === "READY" || (optional && state === "FAILED") || (whole !== "FAILED" && state === "SKIPPED");
  const done = phases.filter(passed).length;
  return { done, of: phases.length };
}

/** @param {Startup} startup @returns {string[]} the names of the phases running now */
export function runningPhases({ phases }) {
  return phases.filter(({ state }) => state === "RUNNING").map(({ name }) => name);
}

/** The phase that failed startup: required, and itself failed. @param {Startup} startup */
export function failedPhase({ phases }) {
  return phases.find(({ state, optional }) => state === "FAILED" && !optional) ?? null;
}

/** @param {Startup} startup @returns {string[]} */
export function downPhases({ phases }) {
  return phases.filter(({ state }) => state === "DOWN").map(({ name }) => name);
}

/**
 * A phase's state in words, with its time when it has one.
 *
 * @param {Phase} phase
 * @param {number} elapsedMillis of startup
 */
export function phaseWords({ state, optional, startedMillis, endedMillis, attempt }, elapsedMillis) {
  let words = WORDS[state];
  if (state === "RUNNING" && attempt > 1) words += `, attempt ${attempt}`;
  if (state === "FAILED" && optional) words += " (not needed)";
  if (startedMillis === null || startedMillis === undefined) return words;
  return `${words}, ${duration(Math.max(0, (endedMillis ?? elapsedMillis) - startedMillis))}`;
}

/** @param {number} millis */
export function duration(millis) {
  if (millis < 995) return `${Math.round(millis / 10) * 10} ms`;
  if (millis < 59_950) return `${(millis / 1000).toFixed(1)} s`;
  const seconds = Math.round(millis / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** @param {string[]} names */
export function list(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/**
 * What is happening, in a heading and a sentence, for somebody who waits at the door.
 *
 * @param {Startup|null} startup null when the server has not answered yet
 * @returns {{heading: string, sentence: string}}
 */
export function doorWords(startup) {
  const starting = "The server is starting. You are connected and will be let in as soon as it is ready.";
  if (startup === null) {
    return { heading: "Waiting at the door", sentence: `${starting} It has not told its phases yet.` };
  }
  if (startup.state === "FAILED") {
    const phase = failedPhase(startup);
    const what = phase === null ? "A required phase failed" : `The phase “${phase.name}” failed`;
    return { heading: "The server could not start", sentence: `${what}. This page tries again on its own and connects when the server is back.` };
  }
  if (startup.state === "CLOSED") {
    return { heading: "The server is stopping", sentence: "This page connects again on its own when the server is back." };
  }
  const down = downPhases(startup);
  if (down.length > 0) {
    return { heading: "Part of the server is down", sentence: `Not available now: ${list(down)}. You will be let in when it is back.` };
  }
  if (isComplete(startup)) {
    return { heading: "The server is ready", sentence: "People are being let in one after another; you are next in your turn." };
  }
  return { heading: "Waiting at the door", sentence: starting };
}
