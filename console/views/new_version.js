// @ts-check
// A form that creates a version of a script, starting from the source and the engine of the latest or of another version.

/** @import { NewSource } from "../parts/source_form.js" */
/** @import { Origin, Script, Version, View, ViewContext } from "../types.js" */

import { callForText, get, getText, pathOf, Refused } from "../api.js";
import { memberReport } from "../check_reports.js";
import { h } from "../dom.js";
import { handReport } from "../handed_report.js";
import { countsText } from "../parts/check_report.js";
import { field } from "../parts/field.js";
import { notifyNext } from "../parts/notices.js";
import { sourceForm } from "../parts/source_form.js";
import { testCondition } from "../parts/test_condition.js";
import { go, remember } from "../router.js";
import { say } from "../words.js";

const MAX_NOTE = 500;

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script, query, signal }) {
  /** @type {Script} */
  const { name, latest_version: latest } = await get(pathOf(["scripts", script]), { signal });
  const from = query.version ?? String(latest);
  const version = ["scripts", name, "versions", from];
  /** @type {[Version, string]} */
  const [{ engine, number }, text] = await Promise.all([
    get(pathOf(version), { signal }),
    getText(pathOf([...version, "source"]), { signal }),
  ]);
  const note = field(say("version.note"), { autocomplete: "off", maxlength: MAX_NOTE });
  const condition = testCondition(name, signal);
  /**
   * @param {NewSource} source
   * @param {() => void} settle
   */
  const host = async (source, settle) => {
    const { number, report } = await save(name, { ...source, note: note.input.value }, condition);
    settle();
    if (report) handReport(name, report);
    notifyNext(() => [
      say(number > latest ? "version.created" : "version.unchanged", { name, number }),
      report && ` · ${say("tests")}: ${countsText(report.report.counts)}`,
    ]);
    if (!signal.aborted) go(["scripts", name]);
  };
  const draft = { key: `new/${name}`, origin: { from, latest: String(latest) }, describe: describeIn(latest), signal };
  const compared = { script: name, version: number };
  const { element, notice, origin, loadSample } = sourceForm({
    text,
    draft,
    fields: note.element,
    inputs: { note: note.input },
    engine,
    host,
    compared,
    choices: condition.element,
    save: say("source.host-version", { number: latest + 1 }),
  });
  if (query.input_of) {
    remember({ input_of: undefined }); // or a reload would replace what was entered since
    loadSample(query.input_of);
  }
  const isLatest = Number(origin.from) === latest;
  const about = say(isLatest ? "versions.from-latest" : "versions.from", { number: origin.from, latest });
  return { title: say("versions.new", { name }), body: [h("p", { class: "quiet" }, about), element], notice };
}

/**
 * Save a version, on condition that the tests pass if that is chosen. The report of the tests is shown if they do not.
 * @param {string} name
 * @param {NewSource & { note: string }} source
 * @param {ReturnType<typeof testCondition>} condition
 */
async function save(name, source, { isRequired, showReport }) {
  showReport();
  const path = pathOf(["scripts", name, "versions"], { tests: isRequired() ? "required" : undefined });
  const body = JSON.stringify(source);
  try {
    const text = await callForText("POST", path, { body, headers: { "Content-Type": "application/json" } });
    /** @type {Version} */
    const { number } = JSON.parse(text);
    return { number, report: memberReport(text) };
  } catch (error) {
    if (error instanceof Refused) showReport(memberReport(error.text));
    throw error;
  }
}

/**
 * The message about a restored draft. It says if the script has got a newer version since the draft was begun.
 * @param {number} latest
 */
const describeIn =
  (latest) =>
  (/** @type {string} */ time, /** @type {Origin} */ { from, latest: before }) =>
    [
      say("draft.restored-from", { time, number: from }),
      latest > Number(before) && say("draft.outdated", { number: latest }),
    ]
      .filter(Boolean)
      .join(" · ");
