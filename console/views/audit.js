// @ts-check
// The audit trail, newest first.

/** @import { Action, AuditEntry, Content, Query, ViewContext } from "../types.js" */
/** @import { Change } from "../parts/filter_controls.js" */

import { aliasBadges } from "../aliases/badges.js";
import { getBlob, pathOf } from "../api.js";
import { batchLink } from "../batches/links.js";
import { h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { emptyState } from "../parts/empty_state.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { choice, field } from "../parts/field.js";
import { fieldFilter } from "../parts/filter_controls.js";
import { filteredList } from "../parts/filtered_list.js";
import { pagedTable, secondary } from "../parts/paged_table.js";
import { save } from "../parts/save.js";
import { scriptNames } from "../parts/script_names.js";
import { submit } from "../parts/submission.js";
import { dateTime, zoneOfTimes } from "../parts/time.js";
import { visible } from "../results/visible.js";
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
  "described",
  "previewed",
  "wrote_test",
  "removed_test",
  "checked",
  "replayed",
  "accepted_replay",
  "read_differences",
  "promoted",
  "force_promoted",
  "rolled_back",
  "removed_alias",
  "set_gate",
  "removed_gate",
  "submitted_batch",
  "cancelled_batch",
  "read_batch",
  "removed_batch",
  "created_webhook",
  "changed_webhook",
  "disabled_webhook",
  "rotated_webhook",
  "tested_webhook",
  "redelivered",
  "removed_webhook",
  "submitted_job",
  "cancelled_job",
  "retried_job",
  "removed_job",
  "wrote_object",
  "read_object",
  "deleted_object",
];

const PARTS = ["audit"];
const FILTERS = { names: ["action", "script", "execution", "key"], from: "at_from", to: "at_to" };

/** @param {ViewContext} context */
export async function view({ query, signal }) {
  const names = await scriptNames(signal);
  /** @param {Change} change */
  const controls = (change) => [
    fieldFilter("action", choice(say("audit.action"), [["", say("filter.any")], ...actions()]), change),
    fieldFilter("script", textField(say("script.name")), change, names),
    fieldFilter("execution", textField(say("execution")), change),
    fieldFilter("key", textField(say("audit.key")), change),
  ];
  /**
   * @param {Query} wanted
   * @param {Content} empty
   * @param {AbortSignal} replaced
   */
  const load = async (wanted, empty, replaced) => {
    const table = await pagedTable({
      pathAt: (cursor) => pathOf(PARTS, { ...wanted, cursor }),
      heads: [
        [say("audit.at"), " (", zoneOfTimes(), ")"],
        say("audit.action"),
        say("script.name"),
        say("execution"),
        say("audit.key"),
        secondary(say("audit.request")),
      ],
      cells,
      caption: say("nav.audit"),
      empty,
      signal: replaced,
    });
    return h("div", { class: "one-line" }, csvButton(wanted, replaced), table);
  };
  const body = await filteredList({
    parts: PARTS,
    filters: FILTERS,
    address: query,
    controls,
    load,
    texts: { none: emptyState(say("audit.none"), say("empty.audit")), noMatch: say("audit.no-match") },
    signal,
  });
  return { title: say("nav.audit"), body };
}

const actions = () => ACTIONS.map((action) => /** @type {const} */ ([action, called("action", action)]));

/** @param {string} label */
const textField = (label) => field(label, { spellcheck: "false", autocomplete: "off" });

/**
 * @param {AuditEntry} entry
 * @returns {Content[]}
 */
const cells = (entry) => [
  dateTime(entry.at),
  called("action", entry.action),
  [entry.script_id && scriptLink(entry.script_id, entry.script_name, entry.version), part(entry)],
  entry.execution_id && h("a", { href: href(["executions", entry.execution_id]) }, idCode(entry.execution_id)),
  entry.api_key_id ? keyLink(entry.api_key_id, entry.api_key_name) : keyLink(entry.key_id, entry.key_name),
  secondary(entry.request_id && requestId(entry.request_id, entry.server_request_id)),
];

/**
 * A button that saves all records of a query, not only those that are shown.
 * @param {Query} wanted
 * @param {AbortSignal} signal
 */
function csvButton(wanted, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const download = async () =>
    save(await getBlob(pathOf(PARTS, wanted), { headers: { Accept: "text/csv" }, signal }), "audit.csv");
  const click = () => attempt(() => submit(button, download));
  /** @type {HTMLButtonElement} */
  const button = h("button", { type: "button", click }, say("audit.csv"));
  return h("div", { class: "above" }, button, errorArea);
}

/**
 * The id of a request, which a caller may have chosen, short if it is the service's own.
 * @param {string} id
 * @param {string | null} own
 */
const requestId = (id, own) =>
  own === id ? idCode(id) : h("code", { title: own && `${say("audit.server-request")} ${own}` }, id);

/**
 * @param {string} id
 * @param {string | null} name
 * @param {number | null} version
 */
const scriptLink = (id, name, version) =>
  h("a", { href: href(["scripts", id], { version }), title: id }, name ?? idCode(id), version ? ` v${version}` : "");

/**
 * The alias, the test, the batch, the job or the replay of a script that an action was about, or a webhook, or an object.
 * @param {AuditEntry} entry
 * @returns {Content}
 */
function part({ script_id, version, alias, test, object_url: object, ...ids }) {
  const { replay_id: replay, batch_id: batch, webhook_id: webhook, job_id: job } = ids;
  if (object) return h("code", { class: "url" }, visible(object));
  if (webhook) return [say("audit.webhook"), " ", h("a", { href: href(["webhooks", webhook]) }, idCode(webhook))];
  if (job) return [" · ", say("audit.job"), " ", h("a", { href: href(["jobs", job]) }, idCode(job))];
  if (batch) return [" · ", say("audit.batch"), " ", batchLink(batch)];
  if (alias) return aliasBadges([alias]);
  if (test) return [" · ", h("bdi", {}, test)];
  return (
    script_id &&
    version &&
    replay && [" · ", h("a", { href: href(["scripts", script_id, "replays", version, replay]) }, say("audit.replay"))]
  );
}

/**
 * A key, which leads to all of its actions.
 * @param {string | null} id
 * @param {string | null} name
 */
const keyLink = (id, name) => (id ? h("a", { href: href(PARTS, { key: id }), title: id }, name ?? idCode(id)) : "–");

/** @param {string} id */
const idCode = (id) => h("code", { title: id }, shortId(id));
