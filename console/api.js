// @ts-check
// A client of the public API. A refused request rejects with `Refused`, which carries the API's problem details.

/** @import { ProblemDetails, Query } from "./types.js" */

import { credentials } from "./api_key.js";
import { isJson as isJsonText } from "./dataset.js";
import { queryText } from "./query.js";
import { addressOf } from "./root.js";
import { language, say } from "./words.js";

/** A request that the API refused, with its problem details (RFC 9457), or with a title alone. */
export class Refused extends Error {
  /**
   * @param {ProblemDetails} problem
   * @param {string | null} [language] The language of its texts if they are the service's; the console's own follow its.
   * @param {string} [text] The response.
   */
  constructor(problem, language = null, text = "") {
    super(problem.detail ?? problem.title);
    this.problem = problem;
    this.language = language;
    this.text = text;
  }
}

/** The headers of every request: the API key, if there is one, and the language of messages. */
export const standing = () => ({ ...credentials(), "Accept-Language": language });

/**
 * An error of the console's own, about something that it cannot use. Its texts follow the language.
 * @param {() => string} title
 * @param {() => string | undefined} [detail]
 */
export const unusable = (title, detail = () => undefined) =>
  new Refused({
    get title() {
      return title();
    },
    get detail() {
      return detail();
    },
  });

/**
 * The address of a path of the API. The parts are escaped, and empty query parameters left out.
 * @param {(string | number)[]} parts
 * @param {Query} [query]
 */
export const pathOf = (parts, query = {}) =>
  addressOf(`v1/${parts.map(encodeURIComponent).join("/")}${queryText(query)}`);

/**
 * @typedef {object} CallOptions
 * @property {BodyInit} [body]
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 * @property {number[]} [fine] Error statuses whose response is returned.
 */

/**
 * Call an operation whose response is JSON. Rejects with `Refused` or `AbortError`; a response of another type, such as
 * the sign-in page of a proxy, is refused too.
 * @template T
 * @param {string} method
 * @param {string} path
 * @param {CallOptions} [options]
 * @returns {Promise<T>}
 */
export async function call(method, path, options) {
  const response = await sendRequest(method, path, options);
  if (!isJson(response)) throw new Refused(unexplained(response.status));
  return withNetworkErrors(response.json());
}

/**
 * Delete a resource.
 * @param {string} path
 * @param {CallOptions} [options]
 */
export const remove = (path, options) => sendRequest("DELETE", path, options);

/**
 * Tell whether there is a resource.
 * @param {string} path
 * @param {CallOptions} [options]
 */
export const exists = async (path, options) => (await sendRequest("HEAD", path, { ...options, fine: [404] })).ok;

/**
 * Fetch a text.
 * @param {string} path
 * @param {CallOptions} [options]
 */
export const getText = (path, options) => callForText("GET", path, options);

/**
 * Call an operation whose response is kept as a text.
 * @param {string} method
 * @param {string} path
 * @param {CallOptions} [options]
 */
export async function callForText(method, path, options) {
  const response = await sendRequest(method, path, options);
  return withNetworkErrors(response.text());
}

/**
 * Fetch the first bytes of a response, at least `most` of a longer one.
 * @param {string} path
 * @param {number} most
 * @param {CallOptions} [options]
 */
export async function getBeginning(path, most, options) {
  const { body } = await sendRequest("GET", path, options);
  const reader = body?.getReader();
  const parts = [];
  let bytes = 0;
  while (reader && bytes < most) {
    const { done, value } = await withNetworkErrors(reader.read());
    if (done) break;
    parts.push(value);
    bytes += value.length;
  }
  reader?.cancel().catch(() => undefined); // the rest is not wanted
  return new Blob(parts);
}

/**
 * Fetch a page of JSON lines, and the path of the next page if there is one.
 * @param {string} path
 * @param {CallOptions} [options]
 * @returns {Promise<{ lines: string[], next: string | undefined }>}
 */
export async function getLines(path, options) {
  const response = await sendRequest("GET", path, options);
  const text = await withNetworkErrors(response.text());
  return { lines: text.split("\n").filter(Boolean), next: nextPath(path, response.headers.get("Link")) };
}

/**
 * The path of the next page. Only the query of the link is used: the service does not know the prefix of a proxy.
 * @param {string} path
 * @param {string | null} link
 */
export function nextPath(path, link) {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? "") ?? [];
  return target && `${path.split("?")[0]}${new URL(target, path).search}`;
}

/**
 * Fetch the bytes of a response.
 * @param {string} path
 * @param {CallOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function getBlob(path, options) {
  const response = await sendRequest("GET", path, options);
  return withNetworkErrors(response.blob());
}

/**
 * @template T
 * @param {string} path
 * @param {CallOptions} [options]
 * @returns {Promise<T>}
 */
export const get = (path, options) => call("GET", path, options);

/**
 * The JSON text of a resource with its entity tag, for the precondition of a later change.
 * @param {string} path
 * @param {CallOptions} [options]
 */
export async function getTagged(path, options) {
  const response = await sendRequest("GET", path, options);
  if (!isJson(response)) throw new Refused(unexplained(response.status));
  return { text: await withNetworkErrors(response.text()), tag: response.headers.get("ETag") };
}

/**
 * Call an operation with a JSON body.
 * @template T
 * @param {string} method
 * @param {string} path
 * @param {unknown} value
 * @param {CallOptions} [options]
 * @returns {Promise<T>}
 */
export const send = (method, path, value, options = {}) =>
  call(method, path, {
    ...options,
    body: JSON.stringify(value),
    headers: { "Content-Type": "application/json", ...options.headers },
  });

/**
 * Upload a body and report the fraction that was sent, which `fetch` cannot do. Resolves with the response's JSON.
 * @template T
 * @param {string} path
 * @param {Blob | string} body
 * @param {Record<string, string>} headers
 * @param {{ signal: AbortSignal, onProgress: (fraction: number) => void, method?: string }} options
 * @returns {Promise<T>}
 */
export function upload(path, body, headers, { signal, onProgress, method = "POST" }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.responseType = "json";
    for (const [name, value] of Object.entries({ ...standing(), ...headers })) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => onProgress(event.total ? event.loaded / event.total : 0));
    request.addEventListener("load", () => {
      if (request.status < 400 && request.response !== null) resolve(request.response);
      else reject(refusedBy(request.status, request.response, request.getResponseHeader("Content-Language")));
    });
    request.addEventListener("error", () => reject(new Refused(unexplained(0))));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {CallOptions} [options]
 */
async function sendRequest(method, path, { body, headers = {}, signal, fine = [] } = {}) {
  const response = await withNetworkErrors(
    fetch(path, { method, body, signal, headers: { ...standing(), ...headers } }),
  );
  if (response.ok || fine.includes(response.status)) return response;
  const text = isJson(response) ? await withNetworkErrors(response.text()) : "";
  if (!isJsonText(text)) throw new Refused(unexplained(response.status));
  throw new Refused(JSON.parse(text), response.headers.get("Content-Language"), text);
}

/**
 * @param {number} status
 * @param {ProblemDetails | null} problem
 * @param {string | null} language
 */
const refusedBy = (status, problem, language) =>
  problem ? new Refused(problem, language) : new Refused(unexplained(status));

/** @param {Response} response */
const isJson = (response) => (response.headers.get("Content-Type") ?? "").includes("json");

/**
 * Turn network errors into refusals.
 * @template T
 * @param {Promise<T>} pending
 */
async function withNetworkErrors(pending) {
  try {
    return await pending;
  } catch (error) {
    throw isAbort(error) ? error : new Refused(unexplained(0));
  }
}

/** @param {unknown} error */
export const isAbort = (error) => error instanceof DOMException && error.name === "AbortError";

/**
 * The problem of a response that has none; status 0 means no response. Its title follows the language.
 * @param {number} status
 * @returns {ProblemDetails}
 */
export const unexplained = (status) => ({
  get title() {
    return status ? say("refused.unexplained", { status }) : say("refused.unreachable");
  },
  status,
});
