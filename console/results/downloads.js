// @ts-check
// Downloads of a result.

/** @import { Path, SendQuery, TableDescription } from "../types.js" */

import { h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { choice } from "../parts/field.js";
import { explanation } from "../parts/info.js";
import { save } from "../parts/save.js";
import { submit } from "../parts/submission.js";
import { storedName } from "../root.js";
import { say } from "../words.js";
import { CSV_DIALECTS } from "./csv.js";

const DIALECT = storedName("csv");

/** @typedef {"json" | "ndjson" | "csv"} Format */

/**
 * Buttons that save a result as JSON, NDJSON or CSV. `shown()` is the part that the table shows and the CSV contains.
 * @param {object} options
 * @param {SendQuery} options.query
 * @param {string} options.result
 * @param {string} [options.whole] The result that JSON and NDJSON contain, if it is another one.
 * @param {() => Promise<void>} [options.complete] Loads what is missing of the results.
 * @param {string} options.name The start of file names.
 * @param {boolean} [options.isDataset] A dataset may have more digits than a browser's numbers, so it has no NDJSON.
 * @param {() => { part: Path, description: TableDescription }} options.shown
 */
export function downloads({ query, result, whole = result, complete, name, isDataset = false, shown }) {
  const { errorArea, attempt } = withErrorDisplay();
  const [json, ndjson, csv] = [button("json"), button("ndjson"), button("csv")];
  const about = explanation(say("result.save.info"));
  const dialect = dialectChoice();
  const buttons = h("div", { class: "row" }, json, !isDataset && ndjson, csv, dialect.element);
  dialect.element.append(about.button); // in a line with it on a phone too
  return { element: h("div", {}, buttons, about.text, errorArea), update };

  /** @param {Format} format */
  function button(format) {
    const click = () => attempt(() => submit(element, () => download(format)));
    /** @type {HTMLButtonElement} */
    const element = h("button", { type: "button", click }, say(`result.save.${format}`));
    return element;
  }

  /** @param {Format} format */
  async function download(format) {
    await complete?.();
    const { part } = shown();
    const names = { key: say("table.key"), value: say("table.value") };
    const saved = await query("save", {
      result: format === "csv" ? result : whole,
      format,
      names,
      part,
      dialect: dialect.value(),
    });
    save(saved, fileName(name, part, format));
  }

  /** Enable the CSV of the shown part, if there can be one. */
  function update() {
    csv.disabled = !shown().description.canBeCsv;
    dialect.element.hidden = csv.disabled;
    if (csv.disabled) about.open(true); // it says why
    if (isDataset) about.show(say(csv.disabled ? "dataset.save.no-csv" : "dataset.save.about"));
    else about.show(say(csv.disabled ? "result.save.no-csv" : "result.save.about"));
  }
}

/** The choice of the dialect of CSV, which is kept in this tab. */
function dialectChoice() {
  const stored = sessionStorage.getItem(DIALECT);
  const { element, input } = choice(
    say("result.csv-for"),
    CSV_DIALECTS.map((dialect) => /** @type {const} */ ([dialect, say(`result.csv-for.${dialect}`)])),
    { value: stored ?? CSV_DIALECTS[0], choose: (dialect) => sessionStorage.setItem(DIALECT, dialect) },
  );
  element.className = "row";
  return { element, value: () => CSV_DIALECTS[input.selectedIndex] };
}

/**
 * @param {string} name
 * @param {Path} part
 * @param {Format} format
 */
function fileName(name, part, format) {
  const words = [name, ...(format === "csv" ? part : [])].join("-");
  return `${words.replace(/[^\p{L}\p{N}_.-]+/gu, "_")}.${format}`;
}
