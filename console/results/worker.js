// @ts-check
// The worker that holds results outside the page's thread: it fetches and parses them, and answers queries about them.
//
// A query is `{id, query, parameters}`; its answer `{id, answer}`, or `{id, refused}` with the service's refusal, or
// `{id, fault}`. While a result is downloaded, `{id, progress}` gives the bytes received. An answer is at most one page
// in size, except for a download, which is a Blob and is not copied.

import { NotFetched } from "./fetch_result.js";
import { QUERIES } from "./queries.js";

/**
 * Any of the queries: the page's types (`SendQuery`) match parameters with names.
 * @type {Record<string, (parameters: any, onProgress: (bytes: number) => void) => unknown>}
 */
const queries = QUERIES;

addEventListener("message", async ({ data: { id, query, parameters } }) => {
  /** @param {number} progress */
  const onProgress = (progress) => postMessage({ id, progress });
  try {
    postMessage({ id, answer: await queries[query](parameters, onProgress) });
  } catch (error) {
    postMessage(error instanceof NotFetched ? { id, refused: error.reason } : { id, fault: String(error) });
  }
});
