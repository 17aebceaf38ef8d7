// @ts-check
// Polls a resource of the API until it has finished.

/** @import { Execution } from "./types.js" */

import { get, Refused } from "./api.js";
import { hasFinished } from "./parts/status.js";

const RETRY_MS = 2_000;

/**
 * Poll an execution.
 * @param {string} path
 * @param {AbortSignal} signal
 */
export const pollExecution = (path, signal) =>
  poll(path, /** @param {Execution} execution */ (execution) => hasFinished(execution), signal);

/**
 * Yields `{ value }` for each response, the last of them finished. While the service is unreachable or fails, yields
 * `{ error }` and retries. Throws any other refusal, and when the signal aborts. `longest` is the most seconds that a request
 * waits: how often a change other than the end is seen.
 * @template T
 * @param {string} path
 * @param {(value: T) => boolean} isFinished
 * @param {AbortSignal} signal
 * @param {number} [longest]
 * @returns {AsyncGenerator<{ value: T, error?: undefined } | { value?: undefined, error: Refused }>}
 */
export async function* poll(path, isFinished, signal, longest = 10) {
  for (let polls = 0; ; polls += 1) {
    try {
      /** @type {T} */
      const value = await get(path, { headers: { Prefer: `wait=${polls < 10 ? 1 : longest}` }, signal });
      yield { value };
      if (isFinished(value)) return;
    } catch (error) {
      if (!(error instanceof Refused) || !isTransient(error)) throw error;
      yield { error };
      await pause(RETRY_MS, signal);
    }
  }
}

/** @param {Refused} refused */
const isTransient = ({ problem: { status = 0 } }) => status === 0 || status >= 500;

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
