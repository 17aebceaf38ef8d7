// @ts-check
// Loads results: small ones at once, large ones on request.

/** @import { Attributes, Content, ResultSource, ResultStore } from "../types.js" */

import { fill, h } from "../dom.js";
import { size } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { say } from "../words.js";
import { resultStore } from "./result_store.js";

export const LARGE_BYTES = 8 * 2 ** 20;

/**
 * An element that loads results and shows their progress, then the content that `show` makes of them.
 * @param {object} options
 * @param {ResultSource[]} options.results
 * @param {(store: ResultStore) => Promise<Content>} options.show
 * @param {AbortSignal} options.signal
 * @param {Attributes} [options.attributes]
 */
export function resultLoader({ results, show, signal, attributes }) {
  const { errorArea, attempt } = withErrorDisplay();
  const content = h("div");
  const element = h("section", attributes, errorArea, content);
  const bytes = results.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes > LARGE_BYTES) askFirst();
  else attempt(load);
  return element;

  function askFirst() {
    const words = say("result.open", { size: size(bytes) });
    fill(content, h("button", { type: "button", class: "primary", click: () => attempt(load) }, words));
  }

  async function load() {
    if (signal.aborted) return;
    const ending = new AbortController();
    signal.addEventListener("abort", () => ending.abort());
    const store = resultStore(ending.signal);
    try {
      await fetchAll(store);
      fill(content, await show(store));
    } catch (error) {
      ending.abort();
      askFirst();
      throw error;
    }
  }

  /** @param {ResultStore} store */
  async function fetchAll({ open }) {
    const received = results.map(() => 0);
    const { elements, show: showProgress } = loadingProgress(bytes);
    fill(content, elements);
    /** @param {number} at */
    const onProgress = (at) => (/** @type {number} */ now) => {
      received[at] = now;
      showProgress(received.reduce((sum, each) => sum + each, 0));
    };
    await Promise.all(results.map(({ result, href }, at) => open(result, href, onProgress(at))));
  }
}

/**
 * The progress of a download of so many bytes, and a function that shows how many were received.
 * @param {number} bytes
 */
export function loadingProgress(bytes) {
  const bar = h("progress", { max: bytes || 1, value: 0, "aria-label": say("result.loading") });
  const status = h("p", { class: "quiet", role: "status" }, say("result.loading"));
  /** @param {number} received */
  const show = (received) => {
    bar.value = received;
    if (received >= bytes) fill(status, say("result.reading"));
  };
  return { elements: [status, bar], show };
}
