// @ts-check
// The list of executions, newest first, filtered by script, version, status and time. Two can be selected and compared.

/** @import { Content, ExecutionSummary, Query, RunError, ViewContext } from "../types.js" */
/** @import { Change } from "../parts/filter_controls.js" */

import { pathOf } from "../api.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { comparisonHref, shortId, versionName } from "../execution_names.js";
import { clock, duration, timestamp } from "../formats.js";
import { field } from "../parts/field.js";
import { chipFilter, fieldFilter } from "../parts/filter_controls.js";
import { filteredList } from "../parts/filtered_list.js";
import { offerNewer } from "../parts/newer.js";
import { pagedTable, secondary } from "../parts/paged_table.js";
import { scriptNames } from "../parts/script_names.js";
import { STATES, statusBadge } from "../parts/status.js";
import { href, reload } from "../router.js";
import { called, say } from "../words.js";

const PARTS = ["executions"];
const FILTERS = { names: ["script", "version", "status"], from: "submitted_from", to: "submitted_to" };

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
  ];
  const body = await filteredList({
    parts: PARTS,
    filters: FILTERS,
    address: query,
    controls,
    load,
    texts: { none: say("executions.none"), noMatch: say("executions.no-match") },
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
  const selection = pairSelection();
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
      secondary(say("execution.took")),
      say("execution.why"),
    ],
    /** @param {ExecutionSummary} execution */
    cells: (execution) => {
      newest ??= execution.id;
      return [selection.box(execution), ...cells(execution)];
    },
    caption: say("nav.executions"),
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
const cells = ({ id, script, status, submitted_at, measures, error }) => [
  h("a", { href: href(["executions", id]), title: id }, h("code", {}, shortId(id))),
  h("a", { href: href(["scripts", script.name], { version: script.version }) }, versionName(script)),
  statusBadge(status, error),
  h("span", { class: "short", title: timestamp(submitted_at) }, clock(submitted_at)),
  secondary(measures && duration(measures.wall_ms)),
  error && error.kind !== "cancelled" && failure(error),
];

/**
 * The kind of a failure and its message in a line, which opens to the whole.
 * @param {RunError} error
 */
const failure = ({ kind, message }) =>
  h(
    "details",
    { class: "failure" },
    h("summary", { title: message }, h("span", { class: "quiet" }, called("error", kind)), " ", h("bdi", {}, message)),
  );

/** Check boxes of which two can be checked (a third unchecks the first), and the link to their comparison. */
function pairSelection() {
  const element = h("p", { class: "row" });
  /** @type {{ box: HTMLInputElement, execution: ExecutionSummary }[]} */
  let selection = [];
  const show = () => {
    const [one, other] = selection.map(({ execution }) => execution);
    fill(
      element,
      other
        ? h("a", { class: "button", href: comparisonHref(one, other) }, say("executions.compare"))
        : h("span", { class: "quiet" }, say("executions.two")),
    );
  };
  /**
   * @param {HTMLInputElement} box
   * @param {ExecutionSummary} execution
   */
  const change = (box, execution) => {
    selection = selection.filter((one) => one.box !== box);
    if (box.checked) selection.push({ box, execution });
    for (const first of selection.splice(0, selection.length - 2)) first.box.checked = false;
    show();
  };
  /** @param {ExecutionSummary} execution */
  const boxOf = (execution) => {
    const label = say("executions.tick", {
      name: `${versionName(execution.script)}, ${timestamp(execution.submitted_at)}`,
    });
    /** @type {HTMLInputElement} */
    const box = h("input", {
      type: "checkbox",
      value: execution.id,
      "aria-label": label,
      change: () => change(box, execution),
    });
    return box;
  };
  show();
  return { element, box: boxOf };
}
