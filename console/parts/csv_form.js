// @ts-check
// How a CSV file is read, with a preview of its first rows.

/**
 * @import { CsvHead } from "../csv_file.js"
 * @import { CsvFormat } from "../csv_format.js"
 */

import { jsonOf, preview, sniffed } from "../csv_file.js";
import { SEPARATORS } from "../csv_format.js";
import { fieldValue } from "../csv_values.js";
import { fill, h, newId } from "../dom.js";
import { say } from "../words.js";
import { choice } from "./field.js";
import { scrolling } from "./paged_table.js";

const ROWS = 3;

/**
 * The formats that were chosen for files, which a form that is shown again has too.
 * @type {WeakMap<File, CsvFormat>}
 */
const formats = new WeakMap();

/**
 * @typedef {object} Conversion
 * @property {(fraction: number) => void} onProgress
 * @property {AbortSignal} signal
 */
/** @typedef {ReturnType<typeof csvForm>} CsvForm */

/**
 * Options for a CSV file, sniffed at first. `json()` converts the file with those that the reader has chosen.
 * @param {CsvHead} head
 * @param {number | undefined} mostBytes The limit of the JSON.
 * @param {object} [options]
 * @param {string} [options.about] What the file becomes.
 * @param {boolean} [options.hasPreview]
 * @param {() => void} [options.changed] Called after a change.
 */
export function csvForm(head, mostBytes, { about = say("csv.about"), hasPreview = true, changed } = {}) {
  const format = formats.get(head.file) ?? { ...sniffed(head) };
  formats.set(head.file, format);
  const table = h("div");
  const show = () => fill(table, hasPreview && previewOf(head, format));
  const separator = choice(
    say("csv.separator"),
    SEPARATORS.map((one) => /** @type {const} */ ([one, one === "\t" ? say("csv.tab") : one])),
    {
      value: format.separator,
      choose: (value) => {
        format.separator = value;
        show();
        changed?.();
      },
    },
  );
  /** @param {"decimalComma" | "hasHeader"} name */
  const option = (name) => {
    const id = newId("csv");
    const change = () => {
      format[name] = input.checked;
      show();
      changed?.();
    };
    /** @type {HTMLInputElement} */
    const input = h("input", { id, type: "checkbox", checked: format[name], change });
    return h("span", { class: "row" }, input, h("label", { for: id }, say(`csv.${name}`)));
  };
  show();
  const options = h("div", { class: "row choices" }, separator.element, option("decimalComma"), option("hasHeader"));
  const element = h("div", { class: "csv" }, h("p", {}, about), options, table);
  /** @param {Conversion} conversion */
  const json = (conversion) => jsonOf(head, { ...format }, { ...conversion, mostBytes });
  return { element, json, format };
}

/**
 * @param {CsvHead} head
 * @param {CsvFormat} format
 */
function previewOf(head, format) {
  const { names, rows, numeric } = preview(head, format, ROWS);
  /** @param {number} at */
  const look = (at) => ({ class: numeric[at] ? "number" : "" });
  const heads = names.map((name, at) => h("th", { scope: "col", ...look(at) }, name));
  const cells = rows.map((row) =>
    h(
      "tr",
      {},
      row.map((field, at) => h("td", look(at), cellOf(fieldValue(field, numeric[at], format.decimalComma)))),
    ),
  );
  const caption = h("caption", { class: "visually-hidden" }, say("csv.preview"));
  return scrolling(
    h("table", {}, caption, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, cells)),
    say("csv.preview"),
  );
}

/** @param {string | number | null} value */
const cellOf = (value) => (value === null ? h("span", { class: "void quiet" }, "null") : value);
