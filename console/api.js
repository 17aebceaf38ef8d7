// Calls the public API, and nothing else. Whatever it refuses becomes a `Refused` with the problem that it answered.

import { credentials } from "./key.js";
import { queryText } from "./query.js";
import { addressOf } from "./root.js";
import { say } from "./words.js";

/** The API's refusal: its problem details (RFC 9457), or what is known where there are none. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** The address of a path of the API, its parts escaped. Parameters that are empty are left out. */
export const pathOf = (parts, query = {}) =>
  addressOf(`v1/${parts.map(encodeURIComponent).join("/")}${queryText(query)}`);

/**
 * Call an operation; its answer's JSON, or its text, or `as: "blob"` its bytes. Rejects with `Refused`, or with
 * `AbortError`. Statuses in `fine` are no refusals.
 */
export async function call(method, path, { body, headers = {}, signal, as, fine = [] } = {}) {
  const answer = await reached(fetch(path, { method, body, signal, headers: { ...credentials(), ...headers } }));
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  const isFine = answer.ok || fine.includes(answer.status);
  const content = isFine && as === "blob" ? answer.blob() : isJson ? answer.json() : answer.text();
  if (isFine) return reached(content);
  throw new Refused(isJson ? await reached(content) : unexplained(answer.status));
}

export const get = (path, options) => call("GET", path, options);

/** Call an operation with a JSON value. */
export const send = (method, path, value, options = {}) =>
  call(method, path, { ...options, body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });

/**
 * Send a body and tell how much of it has gone (0 to 1). Only this older way of asking tells it.
 * Resolves with the answer's JSON.
 */
export function upload(path, body, headers, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    for (const [name, value] of Object.entries({ ...credentials(), ...headers })) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("load", () => {
      if (request.status < 400) resolve(request.response);
      else reject(new Refused(request.response ?? unexplained(request.status)));
    });
    request.addEventListener("error", () => reject(new Refused(unreachable())));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

async function reached(answering) {
  try {
    return await answering;
  } catch (error) {
    throw error.name === "AbortError" ? error : new Refused(unreachable());
  }
}

const unreachable = () => unexplained(0);

/** The problem of an answer without one; a status of 0 is no answer at all. */
export const unexplained = (status) => ({
  title: status ? say("refused.unexplained", { status }) : say("refused.unreachable"),
  status,
});
