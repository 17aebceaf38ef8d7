// @ts-check
// The page's interface to the worker that holds results.

/** @import { ProblemDetails, ResultStore, SendQuery } from "../types.js" */

import { Refused, standing, unexplained } from "../api.js";
import { locale, say } from "../words.js";

const WORKER = new URL("./worker.js", import.meta.url).href;

/**
 * The browser's trusted types, of which TypeScript's own declarations know nothing yet.
 * @typedef {{ createPolicy: (name: string, rules: UrlPolicy) => UrlPolicy }} TrustedTypes
 * @typedef {{ createScriptURL: (url: string) => string }} UrlPolicy
 */

const { trustedTypes } = /** @type {{ trustedTypes?: TrustedTypes }} */ (/** @type {object} */ (globalThis));

// The page's content security policy accepts no other script URLs.
const policy = trustedTypes?.createPolicy("worker", { createScriptURL: workerUrl }) ?? { createScriptURL: workerUrl };

/** @param {string} url */
function workerUrl(url) {
  if (url !== WORKER) throw new TypeError(`no script of the console: ${url}`);
  return url;
}

/**
 * A query that waits for its answer.
 * @typedef {object} Pending
 * @property {(answer: any) => void} resolve
 * @property {(error: unknown) => void} reject
 * @property {(bytes: number) => void} [onProgress]
 */

/**
 * A message of the worker; see worker.js.
 * @typedef {object} WorkerMessage
 * @property {number} id
 * @property {number} [progress]
 * @property {unknown} [answer]
 * @property {{ status: number, problem?: ProblemDetails }} [refused]
 * @property {string} [fault]
 */

/**
 * A store of results in a worker. When `signal` aborts, it ends, and pending queries reject with `AbortError`.
 * @param {AbortSignal} signal
 * @returns {ResultStore}
 */
export function resultStore(signal) {
  const worker = new Worker(policy.createScriptURL(WORKER), { type: "module", name: "results" });
  /** @type {Map<number, Pending>} */
  const pending = new Map();
  let queries = 0;
  /** @type {Error | null} */
  let failure = null;
  /** @param {Error} error */
  const failAll = (error) => {
    failure = error;
    for (const { reject } of pending.values()) reject(error);
  };
  worker.addEventListener("message", ({ data }) => settle(pending, data));
  worker.addEventListener("error", (event) => failAll(new Error(event.message || say("result.lost"))));
  signal.addEventListener("abort", () => {
    worker.terminate();
    failAll(new DOMException("", "AbortError"));
  });
  /** @type {SendQuery} */
  const query = (name, parameters, onProgress) =>
    new Promise((resolve, reject) => {
      if (failure) return void reject(failure);
      queries += 1;
      pending.set(queries, { resolve, reject, onProgress });
      worker.postMessage({ id: queries, query: name, parameters });
    });
  return {
    query,
    open: (result, href, onProgress) => query("open", { result, href, headers: standing(), locale }, onProgress),
    take: (result, text, member) => query("take", { result, text, member, locale }),
  };
}

/**
 * @param {Map<number, Pending>} pending
 * @param {WorkerMessage} message
 */
function settle(pending, { id, progress, answer, refused, fault }) {
  const query = pending.get(id);
  if (query === undefined) return;
  if (progress !== undefined) return void query.onProgress?.(progress);
  pending.delete(id);
  if (refused) query.reject(new Refused(refused.problem ?? unexplained(refused.status)));
  else if (fault) query.reject(new Error(fault));
  else query.resolve(answer);
}
