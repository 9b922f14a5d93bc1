// @ts-check
// Asks /startupz while somebody waits at the door, and only then.

/** @typedef {import("./startup.js").Startup} Startup */
/** @typedef {{now: () => number, after: (millis: number, then: () => void) => () => void}} Clock */

/** From one answer to the next question, in milliseconds. */
export const EVERY = 250;
/** No answer for this long means that the server is starting. */
export const SLOW = 1_000;

/** The page's own clock. @type {Clock} */
export const pageClock = {
  now: () => performance.now(),
  after(millis, then) {
    const timer = setTimeout(then, millis);
    return () => clearTimeout(timer);
  },
};

/**
 * Watches startup until stopped. One question at a time; a slow answer is waited for.
 *
 * @param {object} options
 * @param {(signal: AbortSignal) => Promise<Startup|null>} options.ask
 * @param {Clock} options.clock
 * @param {(startup: Startup|null) => void} options.heard told each answer, and null as long as the first is slow
 * @returns {() => void} stops it
 */
export function watchStartup({ ask, clock, heard }) {
  const stopped = new AbortController();
  let slow = clock.after(SLOW, function silent() {
    slow = clock.after(EVERY, silent);
    heard(null);
  });
  let next = () => {};
  const question = async () => {
    const startup = await ask(stopped.signal).catch(() => null);
    if (stopped.signal.aborted) return;
    // A question that fails says nothing: whether this page is let in is the socket's to say.
    if (startup !== null) {
      slow();
      heard(startup);
    }
    next = clock.after(EVERY, question);
  };
  question();
  return () => {
    slow();
    next();
    stopped.abort();
  };
}

/**
 * Tries something until the server is far enough to answer: a 503 is waited out, its phases are shown.
 *
 * @template T
 * @param {() => Promise<T>} attempt rejects with `retryAfter` (seconds) when it is to be tried again
 * @param {object} options
 * @param {Clock} options.clock
 * @param {(signal: AbortSignal) => Promise<Startup|null>} options.ask
 * @param {(startup: Startup|null) => void} options.heard
 * @returns {Promise<T>}
 */
export async function untilReady(attempt, { clock, ask, heard }) {
  let stop = () => {};
  const early = clock.after(EVERY, () => {
    stop = watchStartup({ ask, clock, heard: (startup) => (startup?.state === "COMPLETE" ? undefined : heard(startup)) });
  });
  try {
    for (;;) {
      try {
        return await attempt();
      } catch (/** @type {any} */ problem) {
        if (typeof problem?.retryAfter !== "number" || problem.status === 429) throw problem;
        await new Promise((then) => clock.after(problem.retryAfter * 1000, () => then(undefined)));
      }
    }
  } finally {
    early();
    stop();
  }
}
