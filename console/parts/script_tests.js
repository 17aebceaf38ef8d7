// @ts-check
// The tests of a script: a list with their standing on the latest version, and a run of all of them on any version.

/**
 * @import { Content, Script, ScriptTestSummary, TestStanding, TestStandings } from "../types.js"
 * @import { ExactReport } from "../check_reports.js"
 */

import { callForText, get, pathOf, remove } from "../api.js";
import { reportIn } from "../check_reports.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { size } from "../formats.js";
import { takeReport } from "../handed_report.js";
import { href } from "../router.js";
import { called, say } from "../words.js";
import { checkReport, reportTitle, standingBadge } from "./check_report.js";
import { confirmation } from "./confirmation.js";
import { withErrorDisplay } from "./error_display.js";
import { pagedTable, secondary } from "./paged_table.js";
import { submit } from "./submission.js";
import { relativeTime } from "./time.js";
import { versionChoice } from "./version_choice.js";

/**
 * The section about a script's tests, which loads itself.
 * @param {Script} script
 * @param {AbortSignal} signal
 */
export function testsOf({ name, latest_version: latest }, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const [list, shown, status] = [h("div"), h("div"), h("p", { role: "status" })];
  const chosen = versionChoice(say("script.version"), latest);
  chosen.element.className = "row";
  const run = async () => {
    const path = pathOf(["scripts", name, "versions", chosen.input.value, "checks"]);
    fill(status, say("checks.running"));
    try {
      show(reportIn(await callForText("POST", path, { signal })));
    } catch (error) {
      fill(status);
      throw error;
    }
    await load();
  };
  /** @type {HTMLButtonElement} */
  const button = h("button", { type: "button", click: () => attempt(() => submit(button, run)) }, say("checks.run"));
  const runRow = h("div", { class: "row", "data-needs": "scripts:write" }, button, chosen.element);
  const handed = takeReport(name);
  if (handed) show(handed);
  attempt(load);
  return h(
    "section",
    { class: "tests" },
    h("h2", {}, say("tests")),
    h("p", { class: "quiet" }, say("tests.about")),
    h(
      "div",
      { class: "row" },
      h(
        "a",
        { class: "button", "data-needs": "scripts:write", href: href(["scripts", name, "test"]) },
        say("tests.new"),
      ),
    ),
    list,
    runRow,
    status,
    errorArea,
    shown,
  );

  /** @param {ExactReport} report */
  function show(report) {
    fill(status, reportTitle(report));
    fill(shown, checkReport(report));
  }

  async function load() {
    /** @type {TestStandings} */
    const { tests } = await get(pathOf(["scripts", name, "versions", latest, "checks"]), { signal });
    const standings = new Map(tests.map((test) => [test.name, test]));
    const table = await pagedTable({
      pathAt: (cursor) => pathOf(["scripts", name, "tests"], { cursor }),
      heads: [
        say("test.name"),
        say("test.standing", { number: latest }),
        secondary(say("test.expected")),
        secondary(say("run.dataset")),
        secondary(say("test.written")),
        visuallyHidden(say("test.actions")),
      ],
      /** @param {ScriptTestSummary} test */
      cells: (test) => cellsOf(test, standings.get(test.name)),
      caption: say("tests"),
      empty: say("tests.none"),
      signal,
    });
    runRow.hidden = tests.length === 0;
    fill(list, table);
  }

  /**
   * @param {ScriptTestSummary} test
   * @param {TestStanding | undefined} standing
   * @returns {Content[]}
   */
  function cellsOf(test, standing) {
    const removeTest = async () => {
      await remove(pathOf(["scripts", name, "tests", test.name]));
      fill(status, say("test.removed", { name: test.name }));
      fill(shown);
      await load();
    };
    const { button: removeButton, place } = confirmation({
      needs: "scripts:write",
      words: say("test.remove"),
      label: say("test.remove-named", { name: test.name }),
      question: say("test.sure", { name: test.name }),
      sure: say("content.remove.sure"),
      act: () => attempt(removeTest),
    });
    removeButton.className = "small";
    return [
      h("a", { href: href(["scripts", name, "test"], { name: test.name }) }, test.name),
      standingBadge(standing?.passed ?? null),
      secondary(expectedText(test)),
      secondary(size(test.dataset_bytes)),
      secondary([relativeTime(test.created_at), test.created_by && ` · ${test.created_by}`]),
      [removeButton, place],
    ];
  }
}

/** @param {ScriptTestSummary} test */
function expectedText({ expected }) {
  if (expected.error) return called("error", expected.error.kind);
  const { absolute = 0, relative = 0 } = expected.tolerance ?? {};
  return [
    say(expected.subset ? "test.kind.subset" : "test.kind.result"),
    (absolute > 0 || relative > 0) && say("test.kind.tolerance"),
  ]
    .filter(Boolean)
    .join(", ");
}
