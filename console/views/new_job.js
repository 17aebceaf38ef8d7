// @ts-check
// A form that runs a script over data in a store.

/** @import { Script, View, ViewContext } from "../types.js" */

import { defaultVersionText } from "../aliases/default_version.js";
import { get, pathOf, send } from "../api.js";
import { h } from "../dom.js";
import { csvFields } from "../jobs/csv_fields.js";
import { PARTS } from "../jobs/paths.js";
import { formatOf, requestOf } from "../jobs/request.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { choice, field } from "../parts/field.js";
import { quantityField } from "../parts/quantity_field.js";
import { retryKey } from "../parts/retry_key.js";
import { submit as submitWith } from "../parts/submission.js";
import { versionChoice } from "../parts/version_choice.js";
import { quantityText, SIZES } from "../quantities.js";
import { go, href, remember } from "../router.js";
import { called, locale, say } from "../words.js";

const FORMATS = /** @type {const} */ (["ndjson", "json", "csv", "parquet", "arrow"]);
const OUTPUT_FORMATS = /** @type {const} */ (["json", "ndjson", "csv", "parquet"]);
/** The bytes of a partition: those that the service accepts, and those that it takes for none. */
const [MIN_BYTES, MAX_BYTES, USUAL_BYTES] = [64 * 2 ** 10, 256 * 2 ** 20, 32 * 2 ** 20];
const MERGES = /** @type {const} */ (["script", "concatenate", "none"]);

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script: reference, query, signal }) {
  /** @type {Script} */
  const script = await get(pathOf(["scripts", reference]), { signal });
  const { name } = script;
  const version = versionChoice(say("script.version"), script.latest_version, {
    selected: query.version,
    any: defaultVersionText(script),
    choose: (chosen) => remember({ version: chosen }), // so that it outlasts a reload
  });
  const plain = { required: true, spellcheck: "false", autocomplete: "off" };
  const input = field(say("job.input"), { ...plain, placeholder: "files://in/*.ndjson", value: query.input ?? "" });
  const output = field(say("job.output.folder"), { ...plain, value: `files://out/${name}-${stamp(new Date())}/` });
  const named = (/** @type {readonly string[]} */ values) =>
    values.map((value) => /** @type {const} */ ([value, value.toUpperCase()]));
  const format = choice(say("job.format"), [["", say("job.format.extension")], ...named(FORMATS)], { choose: showCsv });
  const outputFormat = choice(say("job.output.format"), named(OUTPUT_FORMATS));
  const merges = MERGES.map((merge) => /** @type {const} */ ([merge, called("merge", merge)]));
  const merge = choice(say("job.merge"), merges);
  const partition = { units: SIZES, example: USUAL_BYTES, required: true };
  const size = quantityField(say("job.partition.size"), {
    ...partition,
    value: quantityText(USUAL_BYTES, SIZES, locale),
  });
  size.setRange(MIN_BYTES, MAX_BYTES);
  const verification = choice(say("job.verification"), [
    ["yes", say("job.verify.yes")],
    ["no", say("job.verify.no")],
  ]);
  const csv = csvFields();
  const { errorArea, attempt, displayed } = withErrorDisplay();
  const retry = retryKey(undefined);
  const button = h("button", { class: "primary", "data-needs": "executions:write" }, say("job.submit"));
  input.input.addEventListener("input", showCsv);
  showCsv();
  const form = h(
    "form",
    { class: "job", submit, input: () => retry.changed(displayed()) },
    h("div", { class: "row" }, version.element),
    h("div", { class: "row fields" }, input.element, format.element),
    csv.element,
    h("div", { class: "row fields" }, output.element, outputFormat.element),
    h("div", { class: "row fields" }, merge.element, size.element, verification.element),
    h("p", { class: "quiet" }, say("job.merge.about")),
    errorArea,
    h("div", { class: "row" }, button),
  );
  const intro = [say("job.new.about"), h("a", { href: href(PARTS, { script: name }) }, say("jobs.of", { name }))];
  return { title: say("job.new", { name }), body: [intro.map((one) => h("p", { class: "quiet" }, one)), form] };

  function isCsv() {
    return (format.input.value || formatOf(input.input.value)) === "csv";
  }

  function showCsv() {
    csv.element.hidden = !isCsv();
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    attempt(() => submitWith(button, run));
  }

  async function run() {
    const chosen = version.input.value;
    const path = chosen ? ["scripts", name, "versions", chosen, "jobs"] : ["scripts", name, "jobs"];
    const request = requestOf({
      input: input.input.value,
      format: format.input.value,
      csv: isCsv() ? csv.read() : null,
      output: output.input.value,
      outputFormat: outputFormat.input.value,
      merge: merge.input.value,
      partitionBytes: size.value() ?? USUAL_BYTES,
      verifies: verification.input.value === "yes",
    });
    const id = await retry.use(async (idempotencyKey) => {
      /** @type {{ id: string }} */
      const job = await send("POST", pathOf(path), request, { headers: { "Idempotency-Key": idempotencyKey }, signal });
      return job.id;
    });
    go([...PARTS, id]);
  }
}

/**
 * A time of day and date for the name of a folder, which no other job has yet.
 * @param {Date} now
 */
const stamp = (now) => now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
