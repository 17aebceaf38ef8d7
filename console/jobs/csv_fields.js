// @ts-check
// The fields about the dialect of CSV input, shown if the input is CSV.

import { h } from "../dom.js";
import { choice } from "../parts/field.js";
import { say } from "../words.js";

/** @type {[string, string][]} */
const SEPARATORS = [
  [",", ","],
  [";", ";"],
  ["\t", "Tab"],
  ["|", "|"],
];
/** @type {[string, string][]} */
const ENCODINGS = [
  ["utf-8", "UTF-8"],
  ["windows-1252", "Windows-1252"],
  ["iso-8859-1", "ISO-8859-1"],
];

/** The fields, and a function that reads them. */
export function csvFields() {
  const delimiter = choice(say("csv.separator"), SEPARATORS);
  const decimal = choice(say("job.csv.decimal"), [
    [".", "1.5"],
    [",", "1,5"],
  ]);
  const encoding = choice(say("job.csv.encoding"), ENCODINGS);
  const header = choice(say("job.csv.header"), [
    ["yes", say("job.csv.header.yes")],
    ["no", say("job.csv.header.no")],
  ]);
  const lines = choice(say("job.csv.breaks"), [
    ["no", say("job.csv.breaks.no")],
    ["yes", say("job.csv.breaks.yes")],
  ]);
  const fields = [delimiter, decimal, encoding, header, lines].map(({ element }) => element);
  const element = h("fieldset", {}, h("legend", {}, "CSV"), h("div", { class: "row fields" }, fields));
  const read = () => ({
    delimiter: delimiter.input.value,
    decimal: decimal.input.value,
    encoding: encoding.input.value,
    header: header.input.value === "yes",
    newlines_in_fields: lines.input.value === "yes",
  });
  return { element, read };
}
