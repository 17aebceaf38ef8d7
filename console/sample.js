// @ts-check
// A sample of a dataset: the whole of a small one, the first records of a larger one. Its text is kept as it is written.

/** @import { PlainWordName } from "./types.js" */

import { unusable } from "./api.js";
import { size } from "./formats.js";
import { partsOf } from "./json_text.js";
import { say } from "./words.js";

/** The largest dataset that the service tries a source on. */
export const MAX_SAMPLE_BYTES = 2 ** 20;

/**
 * A JSON text, and the number of records that it was cut to.
 * @typedef {{ text: string, records?: number }} Sample
 */

/**
 * The sample of a dataset field's content. Rejects with `Refused` if there is none.
 * @param {{ body: Blob | string, headers: Record<string, string> }} content
 * @returns {Promise<Sample>}
 */
export async function sampleOf({ body, headers }) {
  if (headers["Content-Encoding"]) throw unusable(() => say("try.compressed"));
  const blob = new Blob([body]);
  const isCut = blob.size > MAX_SAMPLE_BYTES;
  const text = await textOf(isCut ? blob.slice(0, MAX_SAMPLE_BYTES) : blob, isCut);
  return sampleIn(text, { isLines: headers["Content-Type"] === "application/x-ndjson", isCut });
}

/**
 * The text of a whole dataset that is kept beside a script. Rejects with `Refused` if it is too large, or no JSON.
 * @param {{ body: Blob | string, headers: Record<string, string> }} content
 */
export async function wholeOf(content) {
  const { text, records } = await sampleOf(content);
  if (records !== undefined) throw tooLarge();
  return text;
}

/**
 * The sample in the text of a dataset, of which only the beginning may be there.
 * @param {string} text
 * @param {{ isLines?: boolean, isCut: boolean }} kind
 * @returns {Sample}
 */
export function sampleIn(text, { isLines = false, isCut }) {
  if (!isCut) return { text: checkedJson(isLines ? arrayOf(linesOf(text)) : text) };
  const records = isLines ? linesOf(text).slice(0, -1) : text.trimStart().startsWith("[") ? elementsOf(text) : [];
  if (records.length === 0) throw tooLarge();
  return { text: checkedJson(arrayOf(records)), records: records.length };
}

const tooLarge = () => unusable(() => say("try.too-large", { most: size(MAX_SAMPLE_BYTES) }));

/**
 * The text of bytes, which may end within a character.
 * @param {Blob} blob
 * @param {boolean} isCut
 */
async function textOf(blob, isCut) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await blob.arrayBuffer(), { stream: isCut });
  } catch {
    throw unusable(() => say("try.not-utf8"));
  }
}

/** @param {string} text */
const linesOf = (text) => text.split("\n").filter((line) => line.trim());

/** @param {string} text */
const elementsOf = (text) => Array.from(partsOf(text), (part) => part.text);

/** @param {string[]} texts */
const arrayOf = (texts) => `[${texts.join(",\n")}]`;

/**
 * A text that is one JSON value; it becomes a member of a request, so nothing else may be in it.
 * @param {string} text
 * @param {PlainWordName} [fault] The message about another text.
 */
export function checkedJson(text, fault = "try.not-json") {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const { message } = /** @type {SyntaxError} */ (error);
    const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? []; // not in every message
    throw unusable(
      () => say(fault),
      () => (line ? say("at", { line, column }) : message),
    );
  }
}
