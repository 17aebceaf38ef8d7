// @ts-check
// The API keys, newest first: each with its scopes and its last use.

/** @import { ApiKey, Content, View, ViewContext } from "../types.js" */

import { pathOf } from "../api.js";
import { caller } from "../caller.js";
import { h, visuallyHidden } from "../dom.js";
import { createDialog } from "../keys/create_dialog.js";
import { revocationDialog } from "../keys/revocation_dialog.js";
import { grantOf, stateBadge } from "../keys/state.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { pagedTable, secondary } from "../parts/paged_table.js";
import { relativeTime } from "../parts/time.js";
import { say } from "../words.js";

const PARTS = ["keys"];

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ signal }) {
  const { errorArea, attempt } = withErrorDisplay();
  const own = (await caller())?.key?.id;
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(PARTS, { cursor }),
    heads: [
      say("keys.name"),
      say("keys.access"),
      say("keys.state"),
      secondary(say("keys.created-at")),
      secondary(say("keys.last-use")),
      secondary(say("keys.expiry")),
      visuallyHidden(say("keys.actions")),
    ],
    cells,
    caption: say("keys"),
    empty: say("keys.none"),
    signal,
  });
  const create = h(
    "button",
    { type: "button", class: "primary", "data-needs": "admin", click: () => attempt(() => createDialog(signal)) },
    say("keys.new"),
  );
  return {
    title: say("keys"),
    body: [h("p", { class: "quiet" }, say("keys.about")), h("div", { class: "row" }, create), errorArea, table],
  };

  /**
   * @param {ApiKey} key
   * @returns {Content[]}
   */
  function cells(key) {
    return [
      [
        h("bdi", { class: "text", title: key.id }, key.name),
        key.id === own && h("span", { class: "quiet" }, ` ${say("keys.own")}`),
      ],
      grantOf(key),
      stateBadge(key),
      secondary(relativeTime(key.created_at)),
      secondary(moment(key.last_used_at, say("keys.unused"))),
      secondary(moment(key.expires_at, say("keys.never"))),
      key.revoked_at === null && revocation(key),
    ];
  }

  /** @param {ApiKey} key */
  function revocation(key) {
    const label = say("keys.revoke-named", key);
    const click = () => revocationDialog(key, key.id === own, signal);
    return h(
      "button",
      { type: "button", class: "small", "data-needs": "admin", "aria-label": label, click },
      say("keys.revoke"),
    );
  }
}

/**
 * @param {string | null} text
 * @param {string} none
 */
const moment = (text, none) => (text ? relativeTime(text) : none);
