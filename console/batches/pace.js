// @ts-check
// The pace of a batch: how many lines end in a second now, and the time until all have, by the last seconds.

const WINDOW_MS = 15_000;
const LEAST_MS = 1_000;

/** @typedef {{ perSecond: number, leftMs: number }} Pace */

/**
 * A function that takes the present number of lines that have ended, of all, at a time in milliseconds. Returns the pace,
 * or null while there is none: in the first second, and while nothing ends.
 * @returns {(done: number, total: number, now: number) => Pace | null}
 */
export function paceMeter() {
  /** @type {{ at: number, done: number }[]} */
  let seen = [];
  return (done, total, now) => {
    const recent = seen.filter(({ at }) => now - at <= WINDOW_MS);
    seen = [...(recent.length > 0 ? recent : seen.slice(-1)), { at: now, done }];
    const [first] = seen;
    const [ms, ended] = [now - first.at, done - first.done];
    if (ms < LEAST_MS || ended <= 0) return null;
    return { perSecond: (ended * 1_000) / ms, leftMs: ((total - done) * ms) / ended };
  };
}
