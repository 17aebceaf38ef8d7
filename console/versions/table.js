// @ts-check
// The versions of a script: what each is, how it is used, and the actions on it.

/** @import { Content, ListedVersion, Script, VersionUsage } from "../types.js" */

import { aliasBadges } from "../aliases/badges.js";
import { pathOf } from "../api.js";
import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { pagedTable, secondary } from "../parts/paged_table.js";
import { restoration } from "../parts/restoration.js";
import { relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { say } from "../words.js";

const RUN = "executions:write";
const WRITE = "scripts:write";

/**
 * The table, and the place where a restoration is confirmed.
 * @param {Script} script
 * @param {number} shown The version that the page shows.
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
export async function versionTable(script, shown, signal) {
  const { name, latest_version: latest } = script;
  const confirmations = h("div");
  const table = await pagedTable({
    pathAt: (cursor) => pathOf(["scripts", name, "versions"], { cursor, usage: "true" }),
    heads: [
      say("version.number"),
      say("version.note"),
      secondary(say("version.created-by")),
      secondary(say("tests")),
      say("version.usage"),
      secondary(say("version.since")),
      say("version.actions"),
    ],
    cells,
    caption: say("versions"),
    signal,
  });
  return [table, confirmations];

  /**
   * @param {ListedVersion} version
   * @returns {Content[]}
   */
  function cells({ number, aliases, note, created_by: author, created_at: at, usage }) {
    const current = number === shown ? "page" : null;
    return [
      [
        h("a", { href: href(["scripts", name], { version: number }), "aria-current": current }, `v${number}`),
        number === latest && [" ", h("span", { class: "badge" }, say("version.latest"))],
        aliasBadges(aliases),
      ],
      h("bdi", { class: "text" }, note),
      secondary(author && h("bdi", { class: "text" }, author)),
      secondary(usage && h("span", { class: "moment" }, testsText(usage.tests))),
      usage && h("div", { class: "moment" }, executionsOf(number, usage)),
      secondary(h("span", { class: "moment" }, relativeTime(at))),
      h("div", { class: "row actions" }, actionsOn(number)),
    ];
  }

  /**
   * @param {number} version
   * @param {VersionUsage} usage
   */
  function executionsOf(version, { executions, failed, complete }) {
    if (executions === 0 && complete) return h("span", { class: "quiet" }, say("version.unused"));
    const n = complete ? count(executions) : `≥ ${count(executions)}`;
    const all = href(["executions"], { script: name, version });
    const failures = href(["executions"], { script: name, version, status: "failed" });
    return [
      h("div", {}, h("a", { href: all }, counted("version.used", executions, { n }))),
      failed > 0 && h("div", {}, h("a", { class: "bad", href: failures }, counted("version.failed", failed))),
    ];
  }

  /** @param {number} number */
  function actionsOn(number) {
    return [
      !script.archived_at && [
        small(say("script.run-version", { number }), ["scripts", name, "run"], { version: number }, RUN),
        small(editWords(number, latest), ["scripts", name, "new"], { version: number }, WRITE),
        number < latest && restoreButton(number),
      ],
      number > 1 && changesLink(number),
    ];
  }

  /** @param {number} number */
  function changesLink(number) {
    const label = say("changes.between", { before: number - 1, after: number });
    const address = href(["scripts", name, "changes"], { against: number - 1, version: number });
    return h("a", { class: "button small", href: address, "aria-label": label }, say("changes"));
  }

  /** @param {number} number */
  function restoreButton(number) {
    const { button, confirmation } = restoration(name, number);
    button.classList.add("small");
    confirmations.append(h("div", {}, confirmation));
    return button;
  }
}

/**
 * The words for an edition of a version, which becomes the next one.
 * @param {number} number
 * @param {number} latest
 */
export const editWords = (number, latest) => say("versions.add-from", { number, next: latest + 1 });

/**
 * @param {string} words
 * @param {string[]} parts
 * @param {import("../types.js").Query} query
 * @param {import("../types.js").Scope} needs
 */
const small = (words, parts, query, needs) =>
  h("a", { class: "button small", "data-needs": needs, href: href(parts, query) }, words);

/** @param {VersionUsage["tests"]} tests */
function testsText({ passed, failed, not_run: left }) {
  const total = passed + failed + left;
  if (total === 0) return h("span", { class: "quiet" }, say("version.no-tests"));
  const words = say("version.tests", { passed: count(passed), total: count(total) });
  if (passed + failed === 0) return h("span", { class: "quiet" }, say("test.not-run"));
  return h("span", { class: failed > 0 ? "bad" : left > 0 ? "" : "good" }, words);
}
