// @ts-check
// The stores that the API key may use.

/** @import { Store, View, ViewContext } from "../types.js" */

import { pathOf } from "../api.js";
import { h } from "../dom.js";
import { emptyState } from "../parts/empty_state.js";
import { pagedTable, secondary } from "../parts/paged_table.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ signal }) {
  const table = await pagedTable({
    pathAt: () => pathOf(["stores"]),
    heads: [
      say("store.name"),
      say("store.operations"),
      secondary(say("store.resumable")),
      secondary(say("store.scripts")),
    ],
    /** @param {Store} store */
    cells: ({ name, operations, resumable, scripts }) => [
      h("a", { href: href(["stores", name]) }, name),
      operations.map((one) => called("operation", one)).join(", "),
      secondary(say(resumable ? "store.resumable.yes" : "store.resumable.no")),
      secondary(h("code", {}, scripts.join(", "))),
    ],
    caption: say("stores"),
    empty: emptyState(say("stores.none"), say("empty.stores")),
    signal,
  });
  return { title: say("stores"), body: [h("p", { class: "quiet" }, say("stores.about")), table] };
}
