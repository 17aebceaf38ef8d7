// Who did what and when, newest first.

import { pathOf } from "../api.js";
import { h } from "../dom.js";
import { moment } from "../formats.js";
import { choice, field } from "../parts/field.js";
import { filters } from "../parts/filters.js";
import { localOf, momentOf } from "../parts/moments.js";
import { pagedTable } from "../parts/more.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

/** What can be done, as the API names it. */
export const ACTIONS = [
  "registered",
  "revised",
  "archived",
  "unarchived",
  "set_retention",
  "submitted",
  "cancelled",
  "read_result",
  "read_input",
  "read_details",
  "removed_content",
  "created_key",
  "revoked_key",
];

export async function view({ query, signal }) {
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(["audit"], { ...query, cursor }),
    heads: [
      say("audit.at"),
      say("audit.action"),
      say("script.name"),
      say("execution"),
      say("audit.key"),
      say("audit.request"),
    ],
    cells,
    caption: say("nav.audit"),
    empty: say("audit.none"),
    signal,
  });
  const form = filters(["audit"], fieldsOf(query), (name, value) => (name.startsWith("at_") ? momentOf(value) : value));
  return { title: say("nav.audit"), body: [form, table] };
}

const fieldsOf = (query) => ({
  action: choice(
    say("audit.action"),
    [["", say("filter.any")], ...ACTIONS.map((one) => [one, called("action", one)])],
    { value: query.action },
  ),
  script: field(say("script.name"), { value: query.script, spellcheck: "false" }),
  execution: field(say("execution"), { value: query.execution, spellcheck: "false" }),
  key: field(say("audit.key"), { value: query.key, spellcheck: "false" }),
  at_from: field(say("filter.from"), { value: localOf(query.at_from), type: "datetime-local" }),
  at_to: field(say("filter.to"), { value: localOf(query.at_to), type: "datetime-local" }),
});

const cells = (one) => [
  moment(one.at),
  called("action", one.action),
  one.script_id &&
    h(
      "a",
      { href: href(["scripts", one.script_id], { version: one.version }) },
      h("code", {}, one.script_id),
      one.version ? ` ${one.version}` : "",
    ),
  one.execution_id && h("a", { href: href(["executions", one.execution_id]) }, h("code", {}, one.execution_id)),
  h("code", {}, one.api_key_id ?? one.key_id ?? "–"),
  one.request_id && [
    h("code", {}, one.request_id),
    one.server_request_id &&
      one.server_request_id !== one.request_id &&
      h("div", { class: "quiet" }, say("audit.server-request"), " ", h("code", {}, one.server_request_id)),
  ],
];
