// @ts-check
// A script: its description, its versions, and the source of one of them.

/** @import { Content, Limits, Script, SourceWarning, Version, ViewContext } from "../types.js" */

import { aliasBadges } from "../aliases/badges.js";
import { defaultVersion, LIVE } from "../aliases/default_version.js";
import { aliasesOf } from "../aliases/section.js";
import { call, get, getText, pathOf } from "../api.js";
import { h } from "../dom.js";
import { timestamp } from "../formats.js";
import { descriptionOf } from "../parts/description.js";
import { editor } from "../parts/editor.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { limitFacts } from "../parts/limits.js";
import { notifyNext } from "../parts/notices.js";
import { restoration } from "../parts/restoration.js";
import { retentionOf } from "../parts/retention.js";
import { testsOf } from "../parts/script_tests.js";
import { submit } from "../parts/submission.js";
import { triedSource } from "../parts/tried_source.js";
import { versionFacts } from "../parts/version_facts.js";
import { warningNote } from "../parts/warnings.js";
import { href, reload } from "../router.js";
import { editWords, versionTable } from "../versions/table.js";
import { say } from "../words.js";

/** @param {ViewContext<"script">} context */
export async function view({ script: name, query, signal }) {
  /** @type {Script} */
  const script = await get(pathOf(["scripts", name]), { signal });
  const number = query.version ?? script.latest_version;
  const path = ["scripts", script.name, "versions", number];
  /** @type {[Version, string, Content, Content]} */
  const [version, text, versions, aliases] = await Promise.all([
    get(pathOf(path), { signal }),
    getText(pathOf([...path, "source"]), { signal }),
    versionTable(script, Number(number), signal),
    aliasesOf(script, Number(number), signal),
  ]);
  const body = [
    descriptionOf(script),
    actions(script, version.number),
    h("h2", {}, say("script.source", { number }), aliasBadges(version.aliases)),
    versionFacts(version),
    version.warnings.map(warningNote),
    triedSource(sourceOf(text, version.warnings), { script: script.name, version, signal }),
    h("p", { class: "quiet" }, say("engine.of", { engine: version.engine })),
    limitsOf(version.limits),
    retentionOf(script),
    h("h2", {}, say("versions")),
    versions,
    aliases,
    testsOf(script, signal),
  ];
  return { title: script.name, body };
}

/**
 * A read-only source, with its warnings marked at their lines.
 * @param {string} text
 * @param {SourceWarning[]} warnings
 */
function sourceOf(text, warnings) {
  const source = editor({ text, label: say("source"), readOnly: true });
  const marked = warnings.filter(({ line }) => line);
  if (marked.length > 0)
    source.mark(
      // the parser's own positions
      marked.map((one) => ({ ...one, position_is_exact: true, message: one.detail, severity: "warning" })),
    );
  return source;
}

/** @param {Limits} limits */
const limitsOf = (limits) => h("details", {}, h("summary", {}, say("limits")), h("dl", {}, limitFacts(limits)));

/**
 * The actions on a script, of which two are about the version that is shown.
 * @param {Script} script
 * @param {number} number
 */
function actions(script, number) {
  const { name, archived_at: archived, latest_version: latest } = script;
  const { errorArea, attempt } = withErrorDisplay();
  const toggle = async () => {
    await call("POST", pathOf(["scripts", name, archived ? "unarchive" : "archive"]));
    notifyNext(() => say(archived ? "script.was-unarchived" : "script.was-archived", { name }));
    reload();
  };
  /** @type {HTMLButtonElement} */
  const toggleButton = h(
    "button",
    { type: "button", "data-needs": "scripts:write", click: () => attempt(() => submit(toggleButton, toggle)) },
    say(archived ? "script.unarchive" : "script.archive"),
  );
  const batchVersion = number === defaultVersion(script) ? {} : { version: number };
  const restore = archived || number === latest ? null : restoration(name, number);
  const row = h(
    "div",
    { class: "row" },
    archived
      ? h("span", { class: "badge" }, say("script.archived-since", { since: timestamp(archived) }))
      : versionActions(script, number),
    restore?.button,
    latest > 1 && changesLink(name, number, latest),
    !archived &&
      h(
        "a",
        { class: "button", "data-needs": "executions:write", href: href(["scripts", name, "batch"], batchVersion) },
        say("batch.do"),
      ),
    !archived &&
      h(
        "a",
        { class: "button", "data-needs": "executions:write", href: href(["scripts", name, "job"], batchVersion) },
        say("job.do"),
      ),
    h("a", { class: "button", href: href(["executions"], { script: name }) }, say("nav.executions")),
    h("a", { class: "button", href: href(["batches"], { script: name }) }, say("batches")),
    h("a", { class: "button", href: href(["jobs"], { script: name }) }, say("jobs")),
    h("a", { class: "button", href: href(["webhooks"], { script: name }) }, say("webhooks")),
    h("a", { class: "button", href: href(["scripts", name, "replays"], { version: number }) }, say("replay.do")),
    toggleButton,
  );
  return [row, restore?.confirmation, errorArea];
}

/**
 * A link to the changes of the latest version, or since an earlier one.
 * @param {string} name
 * @param {number} number
 * @param {number} latest
 */
function changesLink(name, number, latest) {
  const [before, after] = number === latest ? [number - 1, number] : [number, latest];
  const address = href(["scripts", name, "changes"], { against: before, version: after });
  return h("a", { class: "button", href: address }, say("changes.between", { before, after }));
}

/**
 * Links that run a version and start a new one from it. The version of submissions that name none, and the latest one, are
 * not pinned: a newer one may come before they are used.
 * @param {Script} script
 * @param {number} number
 */
function versionActions(script, number) {
  const { name, aliases, latest_version: latest } = script;
  const [isDefault, isLatest] = [number === defaultVersion(script), number === latest];
  const run = isDefault
    ? say(LIVE in aliases ? "script.run-live" : "script.run-latest", { number })
    : say("script.run-version", { number });
  return [
    h(
      "a",
      {
        class: "button primary",
        "data-needs": "executions:write",
        href: href(["scripts", name, "run"], isDefault ? {} : { version: number }),
      },
      run,
    ),
    h(
      "a",
      {
        class: "button",
        "data-needs": "scripts:write",
        href: href(["scripts", name, "new"], isLatest ? {} : { version: number }),
      },
      isLatest ? say("versions.add") : editWords(number, latest),
    ),
  ];
}
