// @ts-check
// Repeats a look at the service while the page is visible.

import { isAbort, Refused } from "../api.js";

const REFRESH_MS = 10_000;

/**
 * Repeat `look` until the signal aborts, and at once when the tab becomes visible. `lost` is called with the error of a look
 * that was refused, and with nothing after one that succeeded.
 * @param {() => Promise<void>} look
 * @param {(error?: Refused) => void} lost
 * @param {AbortSignal} signal
 */
export function refresh(look, lost, signal) {
  let isLooking = false;
  const attempt = async () => {
    if (isLooking || document.hidden) return;
    isLooking = true;
    try {
      await look();
      lost();
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      if (!(error instanceof Refused)) throw error;
      lost(error); // the next look may succeed
    } finally {
      isLooking = false;
    }
  };
  if (signal.aborted) return;
  const timer = setInterval(attempt, REFRESH_MS);
  document.addEventListener("visibilitychange", attempt, { signal });
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
