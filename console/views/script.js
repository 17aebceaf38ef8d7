// A script: what it is, its versions, and the source of one of them.

import { call, get, pathOf } from "../api.js";
import { h, unseen } from "../dom.js";
import { duration, moment, size } from "../formats.js";
import { attempts } from "../parts/attempt.js";
import { editor } from "../parts/editor.js";
import { pagedTable } from "../parts/more.js";
import { retentionOf } from "../parts/retention.js";
import { warning } from "../parts/warning.js";
import { again, href } from "../router.js";
import { say } from "../words.js";

export async function view({ script: name, query, signal }) {
  const found = await get(pathOf(["scripts", name]), { signal });
  const number = query.version ?? found.latest_version;
  const version = ["scripts", found.name, "versions", number];
  const [about, text, versions] = await Promise.all([
    get(pathOf(version), { signal }),
    get(pathOf([...version, "source"]), { signal }),
    versionsOf(found, signal),
  ]);
  const body = [
    found.description && h("p", {}, found.description),
    actions(found),
    h("h2", {}, say("script.source", { number })),
    about.warnings.map(warning),
    sourceOf(text, about.warnings),
    h("p", { class: "quiet" }, say("engine.of", { engine: about.engine })),
    limitsOf(about.limits),
    retentionOf(found),
    h("h2", {}, say("versions")),
    versions,
  ];
  return { title: found.name, body };
}

/** A source to read, what is to be known of it marked at its lines. */
function sourceOf(text, warnings) {
  const source = editor({ text, label: say("source"), readOnly: true });
  const marked = warnings.filter((one) => one.line);
  if (marked.length > 0)
    source.mark(
      // the parser's own positions
      marked.map((one) => ({ ...one, position_is_exact: true, message: one.detail, severity: "warning" })),
    );
  return source.element;
}

function limitsOf(limits) {
  const shown = { ...limits, wall_ms: duration(limits.wall_ms) };
  for (const name of ["memory_bytes", "result_bytes", "log_bytes"]) shown[name] = size(limits[name]);
  const entries = Object.entries(shown).map(([name, value]) => [
    h("dt", {}, say(`limits.${name}`)),
    h("dd", {}, value),
  ]);
  return h("details", {}, h("summary", {}, say("limits")), h("dl", {}, entries));
}

function actions({ name, archived_at: archived }) {
  const { place, attempt } = attempts();
  const turn = async () => {
    await call("POST", pathOf(["scripts", name, archived ? "unarchive" : "archive"]));
    again();
  };
  const row = h(
    "div",
    { class: "row" },
    archived
      ? h("span", { class: "badge" }, say("script.archived-since", { since: moment(archived) }))
      : [
          h("a", { class: "button primary", href: href(["scripts", name, "run"]) }, say("script.run")),
          h("a", { class: "button", href: href(["scripts", name, "new"]) }, say("versions.add")),
        ],
    h("a", { class: "button", href: href(["executions"], { script: name }) }, say("nav.executions")),
    h("button", { type: "button", click: () => attempt(turn) }, say(archived ? "script.unarchive" : "script.archive")),
  );
  return [row, place];
}

const versionsOf = ({ name }, signal) =>
  pagedTable({
    pathAt: (cursor) => pathOf(["scripts", name, "versions"], { cursor }),
    heads: [say("version.number"), say("version.size"), "SHA-256", say("engine"), say("version.since"), unseen(say("script.run"))],
    cells: (one) => [
      h("a", { href: href(["scripts", name], { version: one.number }) }, String(one.number)),
      size(one.size_bytes),
      h("code", {}, one.sha256.slice(0, 12)),
      one.engine,
      moment(one.created_at),
      h("a", { href: href(["scripts", name, "run"], { version: one.number }) }, say("script.run")),
    ],
    caption: say("versions"),
    signal,
  });
