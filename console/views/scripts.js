// All scripts, newest first.

import { pathOf } from "../api.js";
import { h, unseen } from "../dom.js";
import { moment } from "../formats.js";
import { pagedTable } from "../parts/more.js";
import { href } from "../router.js";
import { say } from "../words.js";

export async function view({ signal }) {
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(["scripts"], { cursor }),
    heads: [
      say("script.name"),
      say("script.description"),
      say("script.version"),
      say("script.since"),
      unseen(say("script.run")),
    ],
    cells,
    caption: say("nav.scripts"),
    empty: say("scripts.empty"),
    signal,
  });
  const begin = h("p", {}, h("a", { class: "button primary", href: href(["new"]) }, say("scripts.new")));
  return { title: say("nav.scripts"), body: [h("p", { class: "quiet" }, say("scripts.intro")), begin, table] };
}

const cells = (one) => [
  h("a", { href: href(["scripts", one.name]) }, one.name),
  one.description,
  String(one.latest_version),
  moment(one.created_at),
  one.archived_at
    ? h("span", { class: "badge" }, say("script.archived"))
    : h("a", { href: href(["scripts", one.name, "run"]) }, say("script.run")),
];
