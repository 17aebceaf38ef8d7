// @ts-check
// The list of executions, newest first, filtered by script, version, status, batch and time. They can be selected, to compare
// two or to replay those of one script.

/** @import { Content, ExecutionSummary, Query, ViewContext } from "../types.js" */
/** @import { Change } from "../parts/filter_controls.js" */

import { pathOf } from "../api.js";
import { shortPlace } from "../batches/links.js";
import { h, visuallyHidden } from "../dom.js";
import { shortId, versionName } from "../execution_names.js";
import { duration } from "../formats.js";
import { emptyState, toScripts } from "../parts/empty_state.js";
import { executionSelection } from "../parts/execution_selection.js";
import { field } from "../parts/field.js";
import { chipFilter, fieldFilter } from "../parts/filter_controls.js";
import { filteredList } from "../parts/filtered_list.js";
import { offerNewer } from "../parts/newer.js";
import { amount, pagedTable, secondary } from "../parts/paged_table.js";
import { failureLine } from "../parts/run_error.js";
import { scriptNames } from "../parts/script_names.js";
import { STATES, statusBadge } from "../parts/status.js";
import { relativeTime } from "../parts/time.js";
import { href, reload } from "../router.js";
import { called, say } from "../words.js";

const PARTS = ["executions"];
const FILTERS = { names: ["script", "version", "status", "batch"], from: "submitted_from", to: "submitted_to" };

/** @param {ViewContext} context */
export async function view({ query, signal }) {
  const names = await scriptNames(signal);
  /** @param {Change} change */
  const controls = (change) => [
    chipFilter(
      "status",
      say("status"),
      STATES.map((state) => /** @type {const} */ ([state, called("status", state)])),
      change,
    ),
    fieldFilter("script", field(say("script.name"), { spellcheck: "false", autocomplete: "off" }), change, names),
    fieldFilter("version", field(say("script.version"), { type: "number", min: 1 }), change),
    fieldFilter("batch", field(say("batch"), { spellcheck: "false", autocomplete: "off" }), change),
  ];
  const body = await filteredList({
    parts: PARTS,
    filters: FILTERS,
    address: query,
    controls,
    load,
    texts: {
      none: emptyState(say("executions.none"), say("empty.executions"), toScripts()),
      noMatch: say("executions.no-match"),
    },
    signal,
  });
  return { title: say("nav.executions"), body };
}

/**
 * @param {Query} query
 * @param {Content} empty
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
async function load(query, empty, signal) {
  const selection = executionSelection();
  /** @type {string | undefined} */
  let newest;
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(PARTS, { ...query, cursor }),
    heads: [
      visuallyHidden(say("executions.choose")),
      say("execution"),
      say("script.name"),
      say("status"),
      say("execution.submitted"),
      secondary(amount(say("execution.took"))),
      say("execution.why"),
    ],
    /** @param {ExecutionSummary} execution */
    cells: (execution) => {
      newest ??= execution.id;
      return [selection.box(execution), ...cells(execution)];
    },
    caption: say("nav.executions"),
    look: "executions",
    empty,
    signal,
  });
  return [!query.submitted_to && newer(query, newest, signal), newest && selection.element, table];
}

/**
 * The offer of executions that were submitted meanwhile. They are newer than the beginning of any period.
 * @param {Query} query
 * @param {string | undefined} newest
 * @param {AbortSignal} signal
 */
const newer = (query, newest, signal) =>
  offerNewer({
    pathOf: (limit) => pathOf(PARTS, { ...query, submitted_from: undefined, limit }),
    newest,
    show: reload,
    signal,
  });

/**
 * @param {ExecutionSummary} execution
 * @returns {Content[]}
 */
const cells = ({ id, script, alias, batch, status, submitted_at, measures, error }) => [
  [
    h("a", { href: href(["executions", id]), title: id }, h("code", {}, shortId(id))),
    batch && h("span", { class: "place" }, shortPlace(batch)),
  ],
  [
    h("a", { href: href(["scripts", script.name], { version: script.version }) }, versionName(script)),
    alias && h("span", { class: "quiet", title: say("execution.alias", { alias }) }, ` · ${alias}`),
  ],
  statusBadge(status, error),
  relativeTime(submitted_at),
  secondary(measures && amount(duration(measures.wall_ms))),
  error && error.kind !== "cancelled" && failureLine(error),
];
