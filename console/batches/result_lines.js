// @ts-check
// The results of a batch, which the service streams as lines. They are fetched and made a table in the worker.

/** @import { Json } from "../results/types.js" */
/** @import { ResultLine } from "./types.js" */

import { NotFetched, problemOf } from "../results/fetch_result.js";

const NEWLINE = 10;
const PROGRESS_BYTES = 1 << 19;

/**
 * Fetch lines of results, all of them or the first ones within `most` bytes. A response that breaks is continued after its
 * last whole line, as long as each one brings a line more.
 * @param {string} href
 * @param {Record<string, string>} headers
 * @param {{ most?: number, onProgress: (bytes: number) => void }} options
 * @returns {Promise<{ blob: Blob, isWhole: boolean }>}
 */
export async function fetchLines(href, headers, { most = Infinity, onProgress }) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let [bytes, reported, lines] = [0, 0, 0];
  /** @param {Uint8Array<ArrayBuffer>} part */
  const add = (part) => {
    parts.push(part);
    bytes += part.length;
    for (let at = part.indexOf(NEWLINE); at >= 0; at = part.indexOf(NEWLINE, at + 1)) lines += 1;
    if (bytes - reported < PROGRESS_BYTES) return;
    reported = bytes;
    onProgress(bytes);
  };
  for (;;) {
    const before = lines;
    try {
      const isWhole = await receive(await respond(`${href}?after_line=${lines}`, headers), add, () => bytes < most);
      if (!isWhole) dropUnfinished(parts);
      return { blob: new Blob(parts, { type: "application/x-ndjson" }), isWhole };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      dropUnfinished(parts);
      bytes = parts.reduce((sum, { length }) => sum + length, 0);
      if (lines === before) throw new NotFetched({ status: 0 });
    }
  }
}

/**
 * @param {string} href
 * @param {Record<string, string>} headers
 */
async function respond(href, headers) {
  const response = await fetch(href, { headers });
  if (!response.ok) throw new NotFetched({ status: response.status, problem: await problemOf(response) });
  return response;
}

/**
 * Receive a response while more of it is wanted. Returns whether that was the whole.
 * @param {Response} response
 * @param {(part: Uint8Array<ArrayBuffer>) => void} add
 * @param {() => boolean} isMoreWanted
 */
async function receive({ body }, add, isMoreWanted) {
  const reader = body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    add(part.value);
    if (isMoreWanted()) continue;
    reader?.cancel().catch(() => undefined); // the rest is not wanted
    return false;
  }
  return true;
}

/**
 * Drop what follows the last line break.
 * @param {Uint8Array<ArrayBuffer>[]} parts
 */
function dropUnfinished(parts) {
  for (let last = parts.pop(); last; last = parts.pop()) {
    const end = last.lastIndexOf(NEWLINE);
    if (end < 0) continue;
    parts.push(last.subarray(0, end + 1));
    return;
  }
}

/**
 * The rows of a table of results: those of each result if all results are lists of objects, otherwise one for each line.
 * The facts about a line come first. Facts that no line has are left out, and so is the status if all have succeeded.
 * @param {ResultLine[]} lines
 */
export function rowsOf(lines) {
  const results = lines.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const areTables = results.length > 0 && results.every((one) => Array.isArray(one) && one.every(isObject));
  const areObjects = results.every(isObject);
  /** @param {ResultLine} line */
  const valuesOf = ({ result }) => {
    if (result === undefined) return [{}];
    if (areTables) return /** @type {Record<string, Json>[]} */ (result).length > 0 ? result : [{}];
    return areObjects ? [result] : [{ result }];
  };
  const rows = lines.map((line) => /** @type {Record<string, Json>[]} */ (valuesOf(line)));
  const factsOf = factsAbout(lines, new Set(rows.flat().flatMap(Object.keys)));
  return lines.flatMap((line, at) => rows[at].map((values) => ({ ...factsOf(line), ...values })));
}

/**
 * A function that returns the facts about a line, under names that no value has.
 * @param {ResultLine[]} lines
 * @param {Set<string>} taken
 */
function factsAbout(lines, taken) {
  const hasRefs = lines.some(({ ref }) => typeof ref === "string");
  const hasErrors = lines.some(({ error }) => error);
  const isMixed = lines.some(({ status }) => status !== "succeeded");
  /** @type {[string, (line: ResultLine) => Json][]} */
  const facts = [["line", ({ line }) => line]];
  if (hasRefs) facts.push(["ref", ({ ref }) => ref ?? null]);
  if (isMixed) facts.push(["status", ({ status }) => status]);
  if (hasErrors)
    facts.push(["error", ({ error }) => error?.kind ?? null], ["message", ({ error }) => error?.message ?? null]);
  const named = facts.map(([name, factOf]) => /** @type {const} */ ([freeName(name, taken), factOf]));
  return (/** @type {ResultLine} */ line) => Object.fromEntries(named.map(([name, factOf]) => [name, factOf(line)]));
}

/**
 * @param {string} name
 * @param {Set<string>} taken
 */
function freeName(name, taken) {
  let free = name;
  while (taken.has(free)) free = `batch_${free}`;
  return free;
}

/**
 * @param {Json} value
 * @returns {value is { [name: string]: Json }}
 */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
