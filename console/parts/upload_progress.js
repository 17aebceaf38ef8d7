// @ts-check
// The progress of a dataset on its way to the service: its conversion, the upload, and the check of the service.

import { fill, h } from "../dom.js";
import { say } from "../words.js";

/** An element for the progress, and the functions that report it. */
export function uploadProgress() {
  const words = h("p", {}, say("run.uploading"));
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("run.uploading") });
  /**
   * @param {string} now
   * @param {number} fraction
   */
  const show = (now, fraction) => {
    bar.value = fraction;
    if (words.textContent !== now) fill(words, now);
  };
  return {
    element: h("div", {}, words, bar),
    /** @param {number} fraction */
    onConversion: (fraction) => show(say("run.converting"), fraction),
    /** @param {number} fraction */
    onProgress: (fraction) => show(say(fraction === 1 ? "run.checking" : "run.uploading"), fraction),
  };
}
