// @ts-check
// Fetches a result and parses it.

/** @import { Json, ProblemDetails } from "../types.js" */

/** A result that could not be fetched; status 0 means no response. */
export class NotFetched extends Error {
  /** @param {{ status: number, problem?: ProblemDetails }} reason */
  constructor(reason) {
    super("not fetched");
    this.reason = reason;
  }
}

const PROGRESS_BYTES = 1 << 19;

/**
 * The value at a path of the API, and its original bytes. `onProgress` gets the number of bytes received.
 * @param {string} href
 * @param {Record<string, string>} headers
 * @param {(bytes: number) => void} onProgress
 * @returns {Promise<{ blob: Blob, value: Json }>}
 */
export async function fetchResult(href, headers, onProgress) {
  const blob = await fetchBlob(href, headers, onProgress);
  const bytes = await blob.arrayBuffer();
  return { blob, value: JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) };
}

/**
 * @param {string} href
 * @param {Record<string, string>} headers
 * @param {(bytes: number) => void} onProgress
 */
async function fetchBlob(href, headers, onProgress) {
  try {
    return await collect(await requested(href, headers), onProgress);
  } catch (error) {
    throw error instanceof TypeError ? new NotFetched({ status: 0 }) : error;
  }
}

/**
 * The response to a request, if it is no refusal.
 * @param {string} href
 * @param {Record<string, string>} headers
 */
export async function requested(href, headers) {
  const response = await fetch(href, { headers });
  if (!response.ok) throw new NotFetched({ status: response.status, problem: await problemOf(response) });
  return response;
}

/**
 * The problem details of a response, if it has any.
 * @param {Response} response
 * @returns {Promise<ProblemDetails | undefined>}
 */
export const problemOf = async (response) =>
  (response.headers.get("Content-Type") ?? "").includes("json") ? response.json() : undefined;

/**
 * @param {Response} response
 * @param {(bytes: number) => void} onProgress
 */
async function collect({ body }, onProgress) {
  const parts = [];
  let [bytes, reported] = [0, 0];
  const reader = body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    if (bytes - reported < PROGRESS_BYTES) continue;
    reported = bytes;
    onProgress(bytes);
  }
  return new Blob(parts, { type: "application/json" });
}
