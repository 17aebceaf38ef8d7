// @ts-check
// A table of batches, newest first.

/** @import { Batch, Content, Query } from "../types.js" */

import { pathOf } from "../api.js";
import { h } from "../dom.js";
import { versionName } from "../execution_names.js";
import { count } from "../formats.js";
import { offerNewer } from "../parts/newer.js";
import { amount, pagedTable, secondary } from "../parts/paged_table.js";
import { relativeTime } from "../parts/time.js";
import { href, reload } from "../router.js";
import { say } from "../words.js";
import { batchBadge, countsText } from "./status.js";

/** The address of the list. */
export const PARTS = ["batches"];

/**
 * @param {Query} query
 * @param {Content} empty
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
export async function batchList(query, empty, signal) {
  /** @type {string | undefined} */
  let newest;
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(PARTS, { ...query, cursor }),
    heads: [
      say("batch.submitted"),
      say("script.name"),
      say("status"),
      secondary(amount(say("batch.lines"))),
      say("batch.outcome"),
      secondary(say("batch.by")),
    ],
    /** @param {Batch} batch */
    cells: (batch) => {
      newest ??= batch.id;
      return cells(batch);
    },
    caption: say("batches"),
    empty,
    signal,
  });
  const pathOfNewest = (/** @type {number} */ limit) => pathOf(PARTS, { ...query, limit });
  return [offerNewer({ pathOf: pathOfNewest, newest, show: reload, of: "batches.newer", signal }), table];
}

/**
 * @param {Batch} batch
 * @returns {Content[]}
 */
const cells = (batch) => [
  h("a", { href: href(["batches", batch.id]) }, relativeTime(batch.submitted_at)),
  [
    h(
      "a",
      { href: href(["scripts", batch.script.name], { version: batch.script.version }) },
      versionName(batch.script),
    ),
    batch.alias &&
      h("span", { class: "quiet", title: say("execution.alias", { alias: batch.alias }) }, ` · ${batch.alias}`),
  ],
  batchBadge(batch),
  secondary(amount(count(batch.lines))),
  h("span", { class: "outcomes-text" }, countsText(batch)),
  secondary(batch.submitted_by && h("bdi", {}, batch.submitted_by)),
];
