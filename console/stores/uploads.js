// @ts-check
// The uploads into a store: a field for a file, those under way, and those that were left unfinished.

/** @import { Store } from "../types.js" */

import { fill, h } from "../dom.js";
import { placeOf } from "../jobs/paths.js";
import { drop } from "../parts/drop.js";
import { say } from "../words.js";
import { rememberedUploads } from "./remembered.js";
import { transfer, transfersInto } from "./transfer.js";
import { uploadBox } from "./upload_box.js";

/**
 * @param {Store} store
 * @param {string} prefix The folder.
 * @param {{ signal: AbortSignal, onDone: () => unknown }} options
 */
export function uploadsInto(store, prefix, { signal, onDone }) {
  const [boxes, unfinished] = [h("div"), h("div")];
  const area = drop({ label: say("upload.choose"), accept: "", take });
  for (const one of transfersInto(store.name)) boxes.append(boxOf(one));
  showUnfinished();
  return h("div", {}, area, unfinished, boxes);

  /** @param {File} file */
  function take(file) {
    const url = `${store.name}://${prefix}${file.name}`;
    const same = transfersInto(store.name).find((one) => one.url === url && one.now.state !== "done");
    if (same) return;
    boxes.prepend(boxOf(transfer(file, url, store.resumable)));
    showUnfinished();
  }

  /** @param {ReturnType<typeof transfer>} one */
  function boxOf(one) {
    return uploadBox(one, { signal, onDone, onGone: () => (showUnfinished(), area.querySelector("input")?.focus()) });
  }

  function showUnfinished() {
    const underWay = transfersInto(store.name).map(({ url }) => url);
    const left = rememberedUploads().filter(({ url }) => placeOf(url).store === store.name && !underWay.includes(url));
    const items = left.map(({ url }) => h("li", {}, h("code", { class: "url" }, url)));
    fill(unfinished, items.length > 0 && [h("p", { class: "quiet" }, say("upload.unfinished")), h("ul", {}, items)]);
  }
}
