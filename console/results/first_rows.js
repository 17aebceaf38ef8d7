// @ts-check
// The first rows of a large result, read from the beginning of its JSON without the rest.

/** @import { Json } from "../types.js" */

import { partsOf } from "../json_text.js";
import { NotFetched, requested } from "./fetch_result.js";

/**
 * The first elements of an array at a path of the API, at most `rows`, as far as its first `bytes` have them whole. Of any
 * other value there are none.
 * @param {string} href
 * @param {Record<string, string>} headers
 * @param {{ bytes: number, rows: number }} most
 */
export async function fetchFirstRows(href, headers, { bytes, rows }) {
  try {
    return firstElements(await beginningOf(await requested(href, headers), bytes), rows);
  } catch (error) {
    throw error instanceof TypeError ? new NotFetched({ status: 0 }) : error;
  }
}

/**
 * The text of at least the first bytes of a response.
 * @param {Response} response
 * @param {number} bytes
 */
async function beginningOf({ body }, bytes) {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let [text, received] = ["", 0];
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += decoder.decode(part.value, { stream: true });
    received += part.value.length;
    if (received >= bytes) break;
  }
  reader?.cancel().catch(() => undefined); // the rest is not wanted
  return text;
}

/**
 * The first elements of an array of which the text has at least the beginning.
 * @param {string} text
 * @param {number} most
 */
export function firstElements(text, most) {
  /** @type {Json[]} */
  const elements = [];
  if (!text.trimStart().startsWith("[")) return elements;
  for (const part of partsOf(text)) {
    if (elements.length === most) break;
    elements.push(JSON.parse(part.text));
  }
  return elements;
}
