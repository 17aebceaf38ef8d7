// @ts-check
// The list of jobs, newest first, of a script or of all.

/** @import { View, ViewContext } from "../types.js" */
/** @import { Change } from "../parts/filter_controls.js" */

import { h } from "../dom.js";
import { jobList } from "../jobs/list.js";
import { PARTS } from "../jobs/paths.js";
import { STATUSES } from "../jobs/status.js";
import { emptyState, toScripts } from "../parts/empty_state.js";
import { field } from "../parts/field.js";
import { chipFilter, fieldFilter } from "../parts/filter_controls.js";
import { filteredList } from "../parts/filtered_list.js";
import { scriptNames } from "../parts/script_names.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

const FILTERS = { names: ["script", "status"] };

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ query, signal }) {
  const names = await scriptNames(signal);
  /** @param {Change} change */
  const controls = (change) => [
    chipFilter(
      "status",
      say("status"),
      STATUSES.map((status) => /** @type {const} */ ([status, called("jobbing", status)])),
      change,
    ),
    fieldFilter("script", field(say("script.name"), { spellcheck: "false", autocomplete: "off" }), change, names),
  ];
  const list = await filteredList({
    parts: PARTS,
    filters: FILTERS,
    address: query,
    controls,
    load: jobList,
    texts: {
      none: emptyState(say("jobs.none"), say("empty.jobs"), !query.script && toScripts()),
      noMatch: say("jobs.no-match"),
    },
    signal,
  });
  const { script } = query;
  const submission =
    script && h("p", {}, h("a", { class: "button", href: href(["scripts", script, "job"]) }, say("job.do")));
  return { title: say("jobs"), body: [h("p", { class: "quiet" }, say("jobs.about")), submission, list] };
}
