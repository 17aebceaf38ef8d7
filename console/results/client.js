// The page's end of the worker that holds results.

import { Refused, unexplained } from "../api.js";
import { credentials } from "../key.js";
import { locale, say } from "../words.js";

const WORKER = new URL("./worker.js", import.meta.url).href;

// The page's policy lets nothing become a script but what this lets pass.
const policy = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: theWorker }) ?? {
  createScriptURL: theWorker,
};

function theWorker(url) {
  if (url !== WORKER) throw new TypeError(`no script of the console: ${url}`);
  return url;
}

/**
 * A holder of results. It ends when `signal` aborts, and whoever waits for an answer gets an `AbortError`.
 * `open(result, href, onProgress)` fetches a result, to be kept under that name; `ask(question, given)` is answered
 * from what was opened (answers.js says what can be asked).
 */
export function resultHolder(signal) {
  const worker = new Worker(policy.createScriptURL(WORKER), { type: "module", name: "results" });
  const waiting = new Map();
  let asked = 0;
  let lost = null;
  const failAll = (error) => {
    lost = error;
    waiting.forEach(({ reject }) => reject(error));
  };
  worker.addEventListener("message", ({ data }) => settle(waiting, data));
  worker.addEventListener("error", (event) => failAll(new Error(event.message ?? say("result.lost"))));
  signal?.addEventListener("abort", () => (worker.terminate(), failAll(new DOMException("", "AbortError"))));
  const ask = (question, given, onProgress) =>
    new Promise((resolve, reject) => {
      if (lost) return void reject(lost);
      waiting.set((asked += 1), { resolve, reject, onProgress });
      worker.postMessage({ id: asked, ask: question, ...given });
    });
  const open = (result, href, onProgress) => ask("open", { result, href, headers: credentials(), locale }, onProgress);
  return { ask, open };
}

function settle(waiting, { id, progress, answer, refused, fault }) {
  const { resolve, reject, onProgress } = waiting.get(id);
  if (progress !== undefined) return void onProgress?.(progress);
  waiting.delete(id);
  if (refused) reject(new Refused(refused.problem ?? unexplained(refused.status)));
  else if (fault) reject(new Error(fault));
  else resolve(answer);
}
