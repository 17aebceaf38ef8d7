// @ts-check
// A poll that is repeated for as long as a view is shown and its tab is visible.

import { Refused } from "./api.js";

/**
 * Repeat a poll until the signal aborts, and at once when the tab becomes visible. A refusal is no reason to stop: the
 * header shows a service that is away, and the next poll may succeed.
 * @param {() => Promise<void>} poll
 * @param {{ ms: number, atOnce?: boolean, refused?: (error: Refused) => void, signal: AbortSignal }} options
 */
export function repeat(poll, { ms, atOnce = false, refused, signal }) {
  let isPolling = false;
  const attempt = async () => {
    if (isPolling || document.hidden) return;
    isPolling = true;
    try {
      await poll();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Refused)) throw error;
      refused?.(error);
    } finally {
      isPolling = false;
    }
  };
  const timer = setInterval(attempt, ms);
  document.addEventListener("visibilitychange", attempt, { signal });
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  if (signal.aborted) clearInterval(timer);
  else if (atOnce) attempt();
}
