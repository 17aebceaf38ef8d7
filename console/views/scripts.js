// @ts-check
// The list of scripts, newest first.

/** @import { Content, Script, ViewContext } from "../types.js" */

import { pathOf } from "../api.js";
import { h, visuallyHidden } from "../dom.js";
import { timestamp } from "../formats.js";
import { pagedTable } from "../parts/paged_table.js";
import { href } from "../router.js";
import { say } from "../words.js";

/** @param {ViewContext} context */
export async function view({ signal }) {
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(["scripts"], { cursor }),
    heads: [
      say("script.name"),
      say("script.description"),
      say("script.version"),
      say("script.since"),
      visuallyHidden(say("script.run")),
    ],
    cells,
    caption: say("nav.scripts"),
    empty: say("scripts.empty"),
    signal,
  });
  const create = h("p", {}, h("a", { class: "button primary", href: href(["new"]) }, say("scripts.new")));
  return { title: say("nav.scripts"), body: [h("p", { class: "quiet" }, say("scripts.intro")), create, table] };
}

/**
 * @param {Script} script
 * @returns {Content[]}
 */
const cells = ({ name, description, latest_version, created_at, archived_at }) => [
  h("a", { href: href(["scripts", name]) }, name),
  description,
  String(latest_version),
  timestamp(created_at),
  archived_at
    ? h("span", { class: "badge" }, say("script.archived"))
    : h("a", { href: href(["scripts", name, "run"]) }, say("script.run")),
];
