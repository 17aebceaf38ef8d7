// @ts-check
// Looks at a resource again and again while its page is visible: each second at first, while something is pending.

import { Refused } from "../api.js";

const QUICK_LOOKS = 15;
const QUICK_MS = 1_000;
const SLOW_MS = 5_000;

/**
 * Repeat `look`, which resolves to whether something is pending, until the signal aborts. `lost` is called with the error of
 * a look that was refused, and with nothing after the next that succeeds. `hasten` makes the next looks quick ones.
 * @param {object} options
 * @param {() => Promise<boolean>} options.look
 * @param {(error?: Refused) => void} options.lost
 * @param {AbortSignal} options.signal
 */
export function watch({ look, lost, signal }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let quick = QUICK_LOOKS;
  let isPending = true;
  let isLooking = false;
  const schedule = () => {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(repeat, isPending && quick > 0 ? QUICK_MS : SLOW_MS);
  };
  const repeat = async () => {
    if (isLooking || document.hidden) return schedule();
    isLooking = true;
    quick -= 1;
    try {
      isPending = await look();
      lost();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Refused)) throw error;
      lost(error); // the next look may succeed
    } finally {
      isLooking = false;
      schedule();
    }
  };
  const hasten = () => {
    quick = QUICK_LOOKS;
    isPending = true;
    schedule();
  };
  document.addEventListener("visibilitychange", repeat, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  schedule();
  return { hasten };
}
