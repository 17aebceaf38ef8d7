// Does one thing at a time, and of those that came meanwhile only the last.

/** A function that runs `run` with what it was given last; who types faster than it runs makes no queue. */
export function latest(run) {
  let next = null;
  let isRunning = false;
  return async (...given) => {
    next = given;
    if (isRunning) return;
    isRunning = true;
    try {
      while (next) {
        const now = next;
        next = null;
        await run(...now);
      }
    } finally {
      isRunning = false;
    }
  };
}
