// @ts-check
// Runs one call at a time, and of those that arrive meanwhile only the last.

/**
 * A function that calls `run` with its latest arguments, so that fast input makes no queue.
 * @template {unknown[]} Arguments
 * @param {(...given: Arguments) => Promise<void>} run
 */
export function latest(run) {
  /** @type {Arguments | null} */
  let next = null;
  let isRunning = false;
  /** @param {Arguments} given */
  return async (...given) => {
    next = given;
    if (isRunning) return;
    isRunning = true;
    try {
      while (next) {
        /** @type {Arguments} */
        const now = next;
        next = null;
        await run(...now);
      }
    } finally {
      isRunning = false;
    }
  };
}
