// @ts-check
// The output of a job: its objects, each to be downloaded, and the first rows of one.

/** @import { Content, Job, ListedObject } from "../types.js" */

import { getBeginning, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { size } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { pagedTable, scrolling } from "../parts/paged_table.js";
import { textOf } from "../results/cells.js";
import { visible } from "../results/visible.js";
import { say } from "../words.js";
import { objectPath, placeOf } from "./paths.js";
import { firstRows } from "./rows.js";
import { saveObject } from "./save_object.js";

const PREVIEW_BYTES = 2 ** 16;
const PREVIEW_ROWS = 50;

/**
 * A section with the objects of the output of a job that has succeeded.
 * @param {Job} job
 * @param {AbortSignal} signal
 */
export function outputOf(job, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const [list, preview] = [h("div"), h("div", { "aria-live": "polite" })];
  const { store, path } = placeOf(job.output.url);
  const prefix = path && !path.endsWith("/") ? `${path}/` : path;
  const load = async () => {
    const table = await pagedTable({
      pathAt: (cursor) => pathOf(["stores", store], { prefix, cursor }),
      heads: [say("job.object"), say("job.size"), ""],
      /** @param {ListedObject} object */
      cells: (object) => [
        h("code", { class: "url" }, object.path.slice(prefix.length)),
        size(object.size_bytes),
        h("div", { class: "row" }, previewButton(object), downloadButton(object)),
      ],
      /** @param {ListedObject} object */
      keep: (object) => !object.path.endsWith("_SUCCESS"),
      caption: say("job.output"),
      empty: say("job.output.none"),
      signal,
    });
    fill(list, table);
  };
  attempt(load);
  return h("section", { "aria-label": say("job.output") }, h("h2", {}, say("job.output")), list, errorArea, preview);

  /** @param {ListedObject} object */
  function previewButton(object) {
    const format = object.path.split(".").at(-1) ?? "";
    if (!["json", "ndjson", "csv"].includes(format) || object.path.endsWith("_manifest.json")) return null;
    const label = `${say("job.preview")}: ${object.path}`;
    const show = () => attempt(async () => fill(preview, await previewOf(object, format, signal)));
    return h("button", { type: "button", class: "small", "aria-label": label, click: show }, say("job.preview"));
  }

  /** @param {ListedObject} object */
  function downloadButton(object) {
    const label = `${say("job.download")}: ${object.path}`;
    const save = () => attempt(() => saveObject(object, signal));
    return h("button", { type: "button", class: "small", "aria-label": label, click: save }, say("job.download"));
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
  const head = h(
    "tr",
    {},
    table.names.map((name) => h("th", { scope: "col" }, name === "" ? say("job.value") : visible(name))),
  );
  const rows = table.rows.map((row) =>
    h(
      "tr",
      {},
      row.map((value) => h("td", { class: typeof value === "number" ? "number" : false }, visible(textOf(value, 200)))),
    ),
  );
  const caption = say("job.preview.of", { name: path.split("/").at(-1) ?? path });
  const shown = h("table", { class: "preview" }, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, rows));
  return scrolling(shown, caption);
}
