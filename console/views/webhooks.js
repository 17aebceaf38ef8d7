// @ts-check
// The list of webhooks, newest first, of a script or of all.

/** @import { View, ViewContext } from "../types.js" */
/** @import { Change } from "../parts/filter_controls.js" */

import { h } from "../dom.js";
import { emptyState } from "../parts/empty_state.js";
import { field } from "../parts/field.js";
import { fieldFilter } from "../parts/filter_controls.js";
import { filteredList } from "../parts/filtered_list.js";
import { scriptNames } from "../parts/script_names.js";
import { href } from "../router.js";
import { PARTS, webhookList } from "../webhooks/list.js";
import { say } from "../words.js";

const FILTERS = { names: ["script"] };

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ query, signal }) {
  const names = await scriptNames(signal);
  /** @param {Change} change */
  const controls = (change) => [
    fieldFilter("script", field(say("webhooks.script"), { spellcheck: "false", autocomplete: "off" }), change, names),
  ];
  const list = await filteredList({
    parts: PARTS,
    filters: FILTERS,
    address: query,
    controls,
    load: webhookList,
    texts: { none: emptyState(say("webhooks.none")), noMatch: say("webhooks.no-match") },
    signal,
  });
  const create = h(
    "a",
    {
      class: "button primary",
      "data-needs": "scripts:write",
      href: href(["webhooks", "new"], { script: query.script }),
    },
    say("webhook.new"),
  );
  return {
    title: say("webhooks"),
    body: [h("p", { class: "quiet" }, say("webhooks.about")), h("p", {}, create), list],
  };
}
