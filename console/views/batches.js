// @ts-check
// The list of batches, newest first, of a script or of all.

/** @import { View, ViewContext } from "../types.js" */
/** @import { Change } from "../parts/filter_controls.js" */

import { batchList, PARTS } from "../batches/list.js";
import { h } from "../dom.js";
import { emptyState, toScripts } from "../parts/empty_state.js";
import { field } from "../parts/field.js";
import { fieldFilter } from "../parts/filter_controls.js";
import { filteredList } from "../parts/filtered_list.js";
import { scriptNames } from "../parts/script_names.js";
import { href } from "../router.js";
import { say } from "../words.js";

const FILTERS = { names: ["script", "version"] };

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ query, signal }) {
  const names = await scriptNames(signal);
  /** @param {Change} change */
  const controls = (change) => [
    fieldFilter("script", field(say("script.name"), { spellcheck: "false", autocomplete: "off" }), change, names),
    fieldFilter("version", field(say("script.version"), { type: "number", min: 1 }), change),
  ];
  const list = await filteredList({
    parts: PARTS,
    filters: FILTERS,
    address: query,
    controls,
    load: batchList,
    texts: {
      none: emptyState(say("batches.none"), say("empty.batches"), !query.script && toScripts()),
      noMatch: say("batches.no-match"),
    },
    signal,
  });
  const { script } = query;
  const submission =
    script &&
    h(
      "p",
      {},
      h(
        "a",
        { class: "button", "data-needs": "executions:write", href: href(["scripts", script, "batch"]) },
        say("batch.do"),
      ),
    );
  return { title: say("batches.title"), body: [h("p", { class: "quiet" }, say("batches.about")), submission, list] };
}
