// @ts-check
// The list of executions, newest first, filtered by script, version, status and time. Two can be selected and compared.

/** @import { Content, ExecutionSummary, ViewContext } from "../types.js" */

import { pathOf } from "../api.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { duration, timestamp } from "../formats.js";
import { choice, field } from "../parts/field.js";
import { filters } from "../parts/filters.js";
import { pagedTable } from "../parts/paged_table.js";
import { STATES, statusBadge } from "../parts/status.js";
import { toLocal, toTimestamp } from "../parts/timestamps.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

/** @param {ViewContext} context */
export async function view({ query, signal }) {
  const selection = pairSelection();
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(["executions"], { ...query, cursor }),
    heads: [
      visuallyHidden(say("executions.choose")),
      say("execution"),
      say("script.name"),
      say("status"),
      say("execution.submitted"),
      say("execution.took"),
      say("execution.why"),
    ],
    /** @param {ExecutionSummary} execution */
    cells: (execution) => [selection.box(execution), ...cells(execution)],
    caption: say("nav.executions"),
    empty: say("executions.none"),
    signal,
  });
  const form = filters(["executions"], fieldsOf(query), (name, value) =>
    name.startsWith("submitted") ? toTimestamp(value) : value,
  );
  return { title: say("nav.executions"), body: [form, selection.element, table] };
}

/** @param {ViewContext["query"]} query */
const fieldsOf = (query) => ({
  script: field(say("script.name"), { value: query.script, spellcheck: "false" }),
  version: field(say("script.version"), { value: query.version, type: "number", min: 1 }),
  status: choice(
    say("status"),
    [["", say("filter.any")], ...STATES.map((state) => /** @type {const} */ ([state, called("status", state)]))],
    { value: query.status },
  ),
  submitted_from: field(say("filter.from"), { value: toLocal(query.submitted_from), type: "datetime-local" }),
  submitted_to: field(say("filter.to"), { value: toLocal(query.submitted_to), type: "datetime-local" }),
});

/**
 * @param {ExecutionSummary} execution
 * @returns {Content[]}
 */
const cells = ({ id, script, status, submitted_at, measures, error }) => [
  h("a", { href: href(["executions", id]) }, h("code", {}, id)),
  h("a", { href: href(["scripts", script.name], { version: script.version }) }, `${script.name} ${script.version}`),
  statusBadge(status),
  timestamp(submitted_at),
  measures ? duration(measures.wall_ms) : "",
  error ? called("error", error.kind) : "",
];

/** Check boxes of which two can be checked (a third unchecks the first), and the link to their comparison. */
function pairSelection() {
  const element = h("p", { class: "row" });
  /** @type {HTMLInputElement[]} */
  const selection = [];
  const show = () => {
    const [left, right] = selection.map((box) => box.value);
    fill(
      element,
      right
        ? h("a", { class: "button", href: href(["compare"], { left, right }) }, say("executions.compare"))
        : h("span", { class: "quiet" }, say("executions.two")),
    );
  };
  /** @param {HTMLInputElement} box */
  const change = (box) => {
    if (box.checked) selection.push(box);
    else selection.splice(selection.indexOf(box), 1);
    for (const first of selection.splice(0, selection.length - 2)) first.checked = false;
    show();
  };
  /** @param {ExecutionSummary} execution */
  const boxOf = ({ id }) => {
    const label = say("executions.tick", { id });
    /** @type {HTMLInputElement} */
    const box = h("input", { type: "checkbox", value: id, "aria-label": label, change: () => change(box) });
    return box;
  };
  show();
  return { element, box: boxOf };
}
