// @ts-check
// The output of a job: its objects, each to be downloaded, and the first rows of one.

/** @import { Job, ListedObject } from "../types.js" */

import { pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { size } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { amount, pagedTable } from "../parts/paged_table.js";
import { say } from "../words.js";
import { objectButtons } from "./objects.js";
import { placeOf } from "./paths.js";

/**
 * A section with the objects of the output of a job that has succeeded.
 * @param {Job} job
 * @param {AbortSignal} signal
 */
export function outputOf(job, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const [list, preview] = [h("div"), h("div", { "aria-live": "polite" })];
  const { previewButton, downloadButton } = objectButtons({ place: preview, attempt, signal });
  const { store, path } = placeOf(job.output.url);
  const prefix = path && !path.endsWith("/") ? `${path}/` : path;
  const load = async () => {
    const table = await pagedTable({
      pathAt: (cursor) => pathOf(["stores", store], { prefix, cursor }),
      heads: [say("job.object"), amount(say("job.size")), ""],
      /** @param {ListedObject} object */
      cells: (object) => [
        h("code", { class: "url" }, object.path.slice(prefix.length)),
        amount(size(object.size_bytes)),
        h("div", { class: "row" }, isManifest(object) ? null : previewButton(object), downloadButton(object)),
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
}

/** @param {ListedObject} object */
const isManifest = ({ path }) => path.endsWith("_manifest.json");
