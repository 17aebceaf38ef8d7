// @ts-check
// The buttons of an object of a store: its first rows, and its download.

/** @import { Attempt, Content, ListedObject } from "../types.js" */

import { getBeginning } from "../api.js";
import { fill, h } from "../dom.js";
import { scrolling } from "../parts/paged_table.js";
import { submit } from "../parts/submission.js";
import { beginning } from "../results/texts.js";
import { visible } from "../results/visible.js";
import { say } from "../words.js";
import { objectPath } from "./paths.js";
import { formatOf } from "./request.js";
import { firstRows } from "./rows.js";
import { saveObject } from "./save_object.js";

const PREVIEW_BYTES = 2 ** 16;
const PREVIEW_ROWS = 50;
const CELL_CHARACTERS = 200;
const FORMATS = ["json", "ndjson", "csv"];

/**
 * The buttons, and the function `place`, which is where the first rows are shown.
 * @param {{ place: HTMLElement, attempt: Attempt, signal: AbortSignal }} options
 */
export function objectButtons({ place, attempt, signal }) {
  return { previewButton, downloadButton };

  /** @param {ListedObject} object */
  function previewButton(object) {
    const format = formatOf(object.path);
    if (!FORMATS.includes(format) || /\.(gz|zst)$/i.test(object.path)) return null;
    const show = async () => {
      fill(place, await previewOf(object, format, signal));
      place.scrollIntoView({ block: "nearest" });
    };
    return button("job.preview", object, show);
  }

  /** @param {ListedObject} object */
  function downloadButton(object) {
    return button("job.download", object, () => saveObject(object, signal));
  }

  /**
   * @param {"job.preview" | "job.download"} words
   * @param {ListedObject} object
   * @param {() => Promise<unknown>} work
   */
  function button(words, { path }, work) {
    /** @type {HTMLButtonElement} */
    const made = h(
      "button",
      {
        type: "button",
        class: "small",
        "aria-label": `${say(words)}: ${path}`,
        click: () => attempt(() => submit(made, work)),
      },
      say(words),
    );
    return made;
  }
}

/**
 * @param {ListedObject} object
 * @param {string} format
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
async function previewOf({ url, path, size_bytes: bytes }, format, signal) {
  const isCut = bytes > PREVIEW_BYTES;
  const headers = { Range: `bytes=0-${PREVIEW_BYTES - 1}` };
  const blob = await getBeginning(objectPath(url), PREVIEW_BYTES, bytes > 0 ? { headers, signal } : { signal });
  const text = new TextDecoder().decode(await blob.slice(0, PREVIEW_BYTES).arrayBuffer(), { stream: isCut });
  const table = firstRows(text, { format, isCut, most: PREVIEW_ROWS });
  if (!table || table.rows.length === 0) return h("p", { class: "note" }, say("job.preview.none"));
  const isOfNumbers = table.names.map((_, at) => table.rows.some((row) => row[at]?.isNumber));
  const heads = table.names.map((name, at) =>
    h("th", { scope: "col", class: isOfNumbers[at] && "number" }, name === "" ? say("job.value") : visible(name)),
  );
  const rows = table.rows.map((row) =>
    h(
      "tr",
      {},
      row.map((one) => h("td", { class: one.isNumber && "number" }, visible(beginning(one.text, CELL_CHARACTERS)))),
    ),
  );
  const caption = say("job.preview.of", { name: path.split("/").at(-1) ?? path });
  const [head, body] = [h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows)];
  return scrolling(h("table", { class: "preview" }, h("caption", {}, caption), head, body), caption);
}
