// @ts-check
// The queries about batches that the worker answers: the lines of a file, and the lines of results.

/** @import { LineSource, ResultLine, SurveyedLines } from "./types.js" */

import { beginning } from "../results/texts.js";
import { linesIn } from "./lines_source.js";
import { fetchLines, rowsOf } from "./result_lines.js";

const SINGLE_BYTE = "windows-1252";
const EXCERPT_CHARACTERS = 200;

/**
 * The lines that a source stands for; null if it is no text. CSV that is not UTF-8 is read as Windows-1252.
 * @param {LineSource} source
 * @returns {Promise<SurveyedLines | null>}
 */
export async function surveyLines({ file, encoding = "utf-8", ...options }) {
  const bytes = await file.arrayBuffer();
  const text = decoded(bytes, encoding) ?? (options.csv ? decoded(bytes, SINGLE_BYTE) : null);
  if (text === null) return null;
  const { body = file, ...lines } = linesIn(text, options);
  return { ...lines, body };
}

/**
 * @param {ArrayBuffer} bytes
 * @param {string} encoding
 */
function decoded(bytes, encoding) {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The beginning of a line of a body.
 * @param {{ body: Blob, line: number }} parameters
 */
export async function excerptOf({ body, line }) {
  const text = await body.text();
  let start = 0;
  for (let at = 1; at < line && start >= 0; at += 1) start = text.indexOf("\n", start) + 1 || -1;
  if (start < 0) return "";
  const [excerpt] = text.slice(start, start + EXCERPT_CHARACTERS + 1).split("\n", 1);
  return beginning(excerpt, EXCERPT_CHARACTERS);
}

/**
 * Fetch lines of results: their exact lines, the same as a JSON array, their values and the rows of their table.
 * @param {{ href: string, headers: Record<string, string>, most?: number }} parameters
 * @param {(bytes: number) => void} onProgress
 */
export async function readResults({ href, headers, most }, onProgress) {
  const { blob, isWhole } = await fetchLines(href, headers, { most, onProgress });
  const texts = (await blob.text()).split("\n").filter(Boolean);
  /** @type {ResultLine[]} */
  const lines = texts.map((text) => JSON.parse(text));
  const array = new Blob(["[", texts.join(",\n"), "]"], { type: "application/json" });
  return { blob, array, lines, rows: rowsOf(lines), isWhole };
}
