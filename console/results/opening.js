// Opens results: at once if they are small, and large ones when somebody wants them.

import { fill, h } from "../dom.js";
import { size } from "../formats.js";
import { attempts } from "../parts/attempt.js";
import { say } from "../words.js";
import { resultHolder } from "./client.js";

const LARGE_BYTES = 8 * 2 ** 20;

/**
 * An element that opens results (`{result, href, sizeBytes}` each), with their progress, and then holds what
 * `show(holder)` makes of them.
 */
export function opening({ results, show, signal, attributes = {} }) {
  const { place, attempt } = attempts();
  const content = h("div", {});
  const element = h("section", attributes, place, content);
  const bytes = results.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes > LARGE_BYTES) askFirst();
  else attempt(opened);
  return element;

  function askFirst() {
    const words = say("result.open", { size: size(bytes) });
    fill(content, h("button", { type: "button", class: "primary", click: () => attempt(opened) }, words));
  }

  async function opened() {
    if (signal?.aborted) return;
    const ending = new AbortController();
    signal?.addEventListener("abort", () => ending.abort());
    const holder = resultHolder(ending.signal);
    try {
      await fetchAll(holder);
      fill(content, await show(holder));
    } catch (error) {
      ending.abort();
      askFirst();
      throw error;
    }
  }

  async function fetchAll({ open }) {
    const come = results.map(() => 0);
    const bar = h("progress", { max: bytes || 1, value: 0, "aria-label": say("result.loading") });
    const says = h("p", { class: "quiet", role: "status" }, say("result.loading"));
    fill(content, says, bar);
    const onProgress = (at) => (now) => {
      come[at] = now;
      bar.value = come.reduce((sum, one) => sum + one, 0);
      if (bar.value >= bytes) fill(says, say("result.reading"));
    };
    await Promise.all(results.map(({ result, href }, at) => open(result, href, onProgress(at))));
  }
}
