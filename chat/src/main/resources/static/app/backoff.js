// @ts-check
// How long to stay away before knocking again. Times are milliseconds.

/** The first bound of the backoff; it doubles with every attempt. */
export const FIRST = 500;
/** No bound is larger, so that nobody waits longer than this for a server that is back. */
export const LARGEST = 15_000;
/** A session that stayed open this long was a success: only then does the backoff start again. */
export const STABLE = 5_000;
/** A refusal is never followed by a knock sooner than this (as `Retry-After`, which a script cannot see). */
export const AFTER_REFUSAL = 1_000;

/**
 * Exponential backoff with full jitter: evenly spread from 0 to the attempt's bound, so that clients
 * which lost the same server do not come back together.
 *
 * @param {number} attempt how many attempts failed since the last stable session, from 0
 * @param {() => number} random evenly spread in [0, 1)
 * @returns {number}
 */
export function backoff(attempt, random) {
  const bound = Math.min(LARGEST, FIRST * 2 ** Math.min(attempt, 16));
  return Math.round(random() * bound);
}

/**
 * After close code 1012 the server is known to come back: soon, but not all at once.
 *
 * @param {() => number} random evenly spread in [0, 1)
 * @returns {number} from 500 to 1500
 */
export function afterRestart(random) {
  return Math.round(500 + random() * 1000);
}
