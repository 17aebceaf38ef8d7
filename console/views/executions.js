// The executions, newest first, by script, version, status and time. Two of them lead to their comparison.

import { pathOf } from "../api.js";
import { fill, h, unseen } from "../dom.js";
import { duration, moment } from "../formats.js";
import { choice, field } from "../parts/field.js";
import { filters } from "../parts/filters.js";
import { localOf, momentOf } from "../parts/moments.js";
import { pagedTable } from "../parts/more.js";
import { STATES, status } from "../parts/status.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

export async function view({ query, signal }) {
  const chosen = pair();
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(["executions"], { ...query, cursor }),
    heads: [
      unseen(say("executions.choose")),
      say("execution"),
      say("script.name"),
      say("status"),
      say("execution.submitted"),
      say("execution.took"),
      say("execution.why"),
    ],
    cells: (one) => [chosen.box(one), ...cells(one)],
    caption: say("nav.executions"),
    empty: say("executions.none"),
    signal,
  });
  const form = filters(["executions"], fieldsOf(query), (name, value) =>
    name.startsWith("submitted") ? momentOf(value) : value,
  );
  return { title: say("nav.executions"), body: [form, chosen.element, table] };
}

const fieldsOf = (query) => ({
  script: field(say("script.name"), { value: query.script, spellcheck: "false" }),
  version: field(say("script.version"), { value: query.version, type: "number", min: 1 }),
  status: choice(say("status"), [["", say("filter.any")], ...STATES.map((one) => [one, called("status", one)])], {
    value: query.status,
  }),
  submitted_from: field(say("filter.from"), { value: localOf(query.submitted_from), type: "datetime-local" }),
  submitted_to: field(say("filter.to"), { value: localOf(query.submitted_to), type: "datetime-local" }),
});

const cells = (one) => [
  h("a", { href: href(["executions", one.id]) }, h("code", {}, one.id)),
  h(
    "a",
    { href: href(["scripts", one.script.name], { version: one.script.version }) },
    `${one.script.name} ${one.script.version}`,
  ),
  status(one.status),
  moment(one.submitted_at),
  one.measures ? duration(one.measures.wall_ms) : "",
  one.error ? called("error", one.error.kind) : "",
];

/** Boxes of which two can be ticked (a third unticks the first), and the way to the comparison of the two. */
function pair() {
  const element = h("p", { class: "row" });
  const ticked = [];
  const show = () => {
    const [left, right] = ticked.map((box) => box.value);
    fill(
      element,
      right
        ? h("a", { class: "button", href: href(["compare"], { left, right }) }, say("executions.compare"))
        : h("span", { class: "quiet" }, say("executions.two")),
    );
  };
  const change = ({ target }) => {
    if (target.checked) ticked.push(target);
    else ticked.splice(ticked.indexOf(target), 1);
    if (ticked.length > 2) ticked.shift().checked = false;
    show();
  };
  show();
  return {
    element,
    box: ({ id }) => h("input", { type: "checkbox", value: id, "aria-label": say("executions.tick", { id }), change }),
  };
}
