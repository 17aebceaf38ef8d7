// @ts-check
// The audit trail, newest first.

/** @import { Action, AuditEntry, Content, ViewContext } from "../types.js" */

import { pathOf } from "../api.js";
import { h } from "../dom.js";
import { timestamp } from "../formats.js";
import { choice, field } from "../parts/field.js";
import { filters } from "../parts/filters.js";
import { pagedTable } from "../parts/paged_table.js";
import { toLocal, toTimestamp } from "../parts/timestamps.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

/**
 * The actions of the API.
 * @type {Action[]}
 */
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

/** @param {ViewContext} context */
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
  const form = filters(["audit"], fieldsOf(query), (name, value) =>
    name.startsWith("at_") ? toTimestamp(value) : value,
  );
  return { title: say("nav.audit"), body: [form, table] };
}

/** @param {ViewContext["query"]} query */
const fieldsOf = (query) => ({
  action: choice(
    say("audit.action"),
    [["", say("filter.any")], ...ACTIONS.map((action) => /** @type {const} */ ([action, called("action", action)]))],
    { value: query.action },
  ),
  script: field(say("script.name"), { value: query.script, spellcheck: "false" }),
  execution: field(say("execution"), { value: query.execution, spellcheck: "false" }),
  key: field(say("audit.key"), { value: query.key, spellcheck: "false" }),
  at_from: field(say("filter.from"), { value: toLocal(query.at_from), type: "datetime-local" }),
  at_to: field(say("filter.to"), { value: toLocal(query.at_to), type: "datetime-local" }),
});

/**
 * @param {AuditEntry} entry
 * @returns {Content[]}
 */
const cells = (entry) => [
  timestamp(entry.at),
  called("action", entry.action),
  entry.script_id &&
    h(
      "a",
      { href: href(["scripts", entry.script_id], { version: entry.version }) },
      h("code", {}, entry.script_id),
      entry.version ? ` ${entry.version}` : "",
    ),
  entry.execution_id && h("a", { href: href(["executions", entry.execution_id]) }, h("code", {}, entry.execution_id)),
  h("code", {}, entry.api_key_id ?? entry.key_id ?? "–"),
  entry.request_id && [
    h("code", {}, entry.request_id),
    entry.server_request_id &&
      entry.server_request_id !== entry.request_id &&
      h("div", { class: "quiet" }, say("audit.server-request"), " ", h("code", {}, entry.server_request_id)),
  ],
];
