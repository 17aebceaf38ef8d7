// @ts-check
// The tries of a source, of which the last one counts: a new one ends the one before it.

/**
 * @import { Preview } from "../types.js"
 * @import { Sample } from "../sample.js"
 * @import { TriedSource } from "../previews.js"
 */

import { isAbort } from "../api.js";
import { preview } from "../previews.js";

const DEBOUNCE_MS = 300;
const SLOW_MS = 300;

/** @typedef {{ preview: Preview, text: string }} PreviewResponse */

/**
 * @typedef {object} TryRunsOptions
 * @property {() => TriedSource} source
 * @property {() => Promise<Sample | undefined>} sample
 * @property {(response: PreviewResponse, isLive: boolean, signal: AbortSignal) => Promise<void>} show
 * @property {(error: unknown, isLive: boolean) => void} refuse
 * @property {(isLive: boolean) => void} askForDataset Called if there is no sample.
 * @property {() => void} onSlow Called when a try takes long.
 * @property {(work: () => unknown) => unknown} attempt
 * @property {AbortSignal} signal
 */

/**
 * `run` tries the source as it is now, `schedule` after a pause, in which nobody asked for it: such a try is live.
 * @param {TryRunsOptions} options
 */
export function tryRuns({ source, sample, show, refuse, askForDataset, onSlow, attempt, signal }) {
  let running = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  signal.addEventListener("abort", stop);
  return { run, schedule };

  function stop() {
    clearTimeout(timer);
    running.abort();
  }

  /** @param {number} [ms] */
  function schedule(ms = DEBOUNCE_MS) {
    clearTimeout(timer);
    timer = setTimeout(() => attempt(() => run(true)), ms);
  }

  async function run(isLive = false) {
    stop();
    running = new AbortController();
    const { signal: mine } = running;
    const slow = setTimeout(onSlow, SLOW_MS);
    try {
      const dataset = await sample();
      mine.throwIfAborted();
      if (dataset) await show(await preview(source(), dataset.text, mine), isLive, mine);
      else askForDataset(isLive);
    } catch (error) {
      if (!mine.aborted && !isAbort(error)) refuse(error, isLive);
    } finally {
      clearTimeout(slow);
    }
  }
}
