// @ts-check
// The lines of a batch, from a text in one of four forms: lines of a batch, datasets on lines, a JSON array, or CSV. It runs
// in the worker. Values are kept as they are written, because their numbers may have more digits than JavaScript's.

/**
 * @import { CsvFormat } from "../csv_format.js"
 * @import { Item } from "./source_items.js"
 * @import { LineFault, LineForm, LinePreview } from "./types.js"
 */

import { membersOf } from "../json_text.js";
import { beginning } from "../results/texts.js";
import { Fault, itemsOf, kindOf, MAX_EXCERPT } from "./source_items.js";

const MAX_PREVIEW = 3;
const MAX_FAULTS = 5;
const MAX_MEMBERS = 100;
const REFERENCE = /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,255}$/u;

/**
 * The lines of a batch that a text stands for: their number, the first of them, and what is wrong with them. `body` is
 * absent if the text itself is to be sent. Without a form it is guessed by the first value.
 * @param {string} text
 * @param {{ csv?: CsvFormat, form?: LineForm, ref?: string }} [options] `ref` is the member that has the reference of a line.
 */
export function linesIn(text, { csv, form, ref } = {}) {
  const kind = csv ? "csv" : kindOf(text);
  /** @type {LineFault[]} */
  const faults = [];
  /** @type {LinePreview[]} */
  const preview = [];
  /** @type {string[]} */
  const lines = [];
  /** @type {string[] | undefined} */
  let members;
  let [count, faultCount] = [0, 0];
  const isConverted = () => kind !== "lines" || form === "datasets";
  /** @param {Item} item */
  const add = (item) => {
    count += 1;
    const value = parsed(item);
    form ??= kind !== "csv" && isLine(value) ? "lines" : "datasets";
    members ??= namesOf(value);
    const line = form === "lines" ? checkedLine(item, value) : wrapped(item, value, ref);
    if (isConverted()) lines.push(line);
    if (preview.length < MAX_PREVIEW) preview.push(previewOf(count, line));
  };
  /** @param {() => void} work */
  const noting = (work) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faultCount += 1;
      if (faults.length < MAX_FAULTS) faults.push(error.fault);
    }
  };
  noting(() => {
    for (const item of itemsOf(text, kind, csv)) noting(() => add(item));
  });
  const body = isConverted() ? new Blob([lines.map((line) => `${line}\n`).join("")]) : undefined;
  return { kind, form: form ?? "lines", count, members: members ?? [], preview, faults, faultCount, body };
}

/** @param {Item} item */
function parsed({ line, text }) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault({ line, kind: "json", excerpt: beginning(text, MAX_EXCERPT) });
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} value */
const isLine = (value) =>
  isObject(value) && "data" in value && Object.keys(value).every((name) => name === "data" || name === "ref");

/** @param {unknown} value */
const namesOf = (value) => (isObject(value) ? Object.keys(value).slice(0, MAX_MEMBERS) : []);

/**
 * A line of a batch as it is, if it is a valid one.
 * @param {Item} item
 * @param {unknown} value
 */
function checkedLine({ line, text }, value) {
  const excerpt = beginning(text, MAX_EXCERPT);
  if (!isObject(value)) throw new Fault({ line, kind: "object", excerpt });
  const other = Object.keys(value).find((name) => name !== "data" && name !== "ref");
  if (other !== undefined) throw new Fault({ line, kind: "member", name: beginning(other, 40), excerpt });
  if (!Object.hasOwn(value, "data")) throw new Fault({ line, kind: "data", excerpt });
  if (Object.hasOwn(value, "ref") && !(typeof value.ref === "string" && REFERENCE.test(value.ref)))
    throw new Fault({ line, kind: "ref", excerpt });
  return text;
}

/**
 * A dataset as a line of a batch, with the reference that a member of it has. Numbers become texts; a dataset without the
 * member has no reference.
 * @param {Item} item
 * @param {unknown} value
 * @param {string} [ref]
 */
function wrapped({ line, text }, value, ref) {
  const found = ref !== undefined && isObject(value) && Object.hasOwn(value, ref) ? value[ref] : null;
  if (ref === undefined || found === null) return `{"data":${text}}`;
  const written = membersOf(text).get(ref) ?? "";
  const reference = typeof found === "number" ? written : found;
  if (typeof reference !== "string" || !REFERENCE.test(reference))
    throw new Fault({ line, kind: "ref", excerpt: beginning(text, MAX_EXCERPT) });
  return `{"ref":${JSON.stringify(reference)},"data":${text}}`;
}

/**
 * @param {number} line The number of the line in the batch.
 * @param {string} text
 * @returns {LinePreview}
 */
function previewOf(line, text) {
  const members = membersOf(text);
  const [ref, data = ""] = [members.get("ref"), members.get("data")];
  return { line, ref: ref && JSON.parse(ref), data: beginning(data, MAX_EXCERPT) };
}
