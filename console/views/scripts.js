// @ts-check
// The list of scripts, newest first.

/** @import { Content, Script, ViewContext } from "../types.js" */

import { pathOf } from "../api.js";
import { h, visuallyHidden } from "../dom.js";
import { exampleButton, firstScript } from "../parts/first_script.js";
import { pagedTable, secondary } from "../parts/paged_table.js";
import { relativeTime } from "../parts/time.js";
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
      secondary(say("script.since")),
      visuallyHidden(say("script.run")),
    ],
    cells,
    caption: say("nav.scripts"),
    empty: firstScript(signal),
    signal,
  });
  const isEmpty = table.classList.contains("empty");
  return { title: say("nav.scripts"), body: isEmpty ? table : [intro(signal), table] };
}

/** @param {AbortSignal} signal */
function intro(signal) {
  const { button, status } = exampleButton(say("example.link"), signal, "link");
  const create = h(
    "a",
    { class: "button primary", "data-needs": "scripts:write", href: href(["new"]) },
    say("scripts.new"),
  );
  return [h("p", { class: "quiet" }, say("scripts.intro")), h("div", { class: "row" }, create, button), status];
}

/**
 * @param {Script} script
 * @returns {Content[]}
 */
const cells = ({ name, description, latest_version, aliases, created_at, archived_at }) => [
  h("a", { href: href(["scripts", name]) }, name),
  description && h("span", { class: "clamped", title: description }, description),
  [
    String(latest_version),
    Object.entries(aliases).map(([alias, number]) => [" ", h("span", { class: "badge alias" }, `${alias} v${number}`)]),
  ],
  secondary(relativeTime(created_at)),
  archived_at
    ? h("span", { class: "badge" }, say("script.archived"))
    : h("a", { "data-needs": "executions:write", href: href(["scripts", name, "run"]) }, say("script.run")),
];
