// @ts-check
// A file on its way to a store: its state, which outlives the view that shows it.

import { exists, isAbort, Refused, unusable } from "../api.js";
import { objectPath, placeOf } from "../jobs/paths.js";
import { say } from "../words.js";
import { discardUpload, sendParts, sendWhole, uploadOf } from "./parts.js";

const RETRY_MS = 2_000;

/** @typedef {"asking" | "running" | "paused" | "lost" | "failed" | "done"} TransferState */

/** @typedef {ReturnType<typeof transferOf>} Transfer */

/** @type {Set<Transfer>} */
const transfers = new Set();

/**
 * The transfers into a store, since the page was opened.
 * @param {string} store
 */
export const transfersInto = (store) => [...transfers].filter(({ url }) => placeOf(url).store === store);

/** @param {Transfer} transfer */
const isUnderWay = ({ now }) => now.state === "running" || now.state === "lost";

addEventListener("beforeunload", (event) => {
  if ([...transfers].some(isUnderWay)) event.preventDefault(); // the browser asks
});

/**
 * A transfer of a file that begins now, unless it would replace an object: then it asks first.
 * @param {File} file
 * @param {string} url The object that it becomes.
 * @param {boolean} isResumable
 */
export function transfer(file, url, isResumable) {
  const made = transferOf(file, url, isResumable);
  transfers.add(made);
  made.begin();
  return made;
}

/**
 * @param {File} file
 * @param {string} url
 * @param {boolean} isResumable
 */
function transferOf(file, url, isResumable) {
  /** @type {{ state: TransferState, sent: number, error: unknown, isContinued: boolean }} */
  const now = { state: "running", sent: 0, error: null, isContinued: false };
  let controller = new AbortController();
  let mayReplace = false;
  /** @type {Set<() => void>} */
  const watchers = new Set();
  const self = { file, url, isResumable, now, watch, begin, resume, replace, pause, cancel, dismiss };
  return self;

  /** @param {Partial<typeof now>} changes */
  function set(changes) {
    Object.assign(now, changes);
    for (const watcher of watchers) watcher();
  }

  /**
   * Call a function after each change, until the signal aborts.
   * @param {() => void} watcher
   * @param {AbortSignal} signal
   */
  function watch(watcher, signal) {
    watchers.add(watcher);
    signal.addEventListener("abort", () => watchers.delete(watcher));
  }

  /** @param {number} sent */
  function onSent(sent) {
    if (!controller.signal.aborted) set({ state: "running", sent });
  }

  async function begin() {
    await working(async (signal) => {
      if (!mayReplace && (await exists(objectPath(url), { signal }))) set({ state: "asking" });
      else await sendAll(signal);
    });
  }

  function resume() {
    return working(sendAll);
  }

  function replace() {
    mayReplace = true;
    return resume();
  }

  function pause() {
    controller.abort();
    set({ state: "paused" });
  }

  /** End the transfer, and discard what has come of it. */
  async function cancel() {
    dismiss();
    await discardUpload(url, file).catch(() => undefined); // the service forgets it in time
  }

  function dismiss() {
    controller.abort();
    transfers.delete(self);
    set({});
  }

  /** @param {(signal: AbortSignal) => Promise<void>} work */
  async function working(work) {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    set({ state: "running", error: null });
    try {
      await work(signal);
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) set({ state: "failed", error });
    }
  }

  /**
   * Send the file. While the service is unreachable, try again, from where the service has come to.
   * @param {AbortSignal} signal
   */
  async function sendAll(signal) {
    for (;;) {
      try {
        await sendOnce(signal);
        set({ state: "done" });
        return;
      } catch (error) {
        if (!isResumable || !isTransient(error)) throw error;
        await checkReadable();
        signal.throwIfAborted();
        set({ state: "lost" });
      }
      await pauseFor(RETRY_MS, signal);
    }
  }

  /** @param {AbortSignal} signal */
  async function sendOnce(signal) {
    if (!isResumable) return sendWhole(url, file, { signal, onSent, mayReplace });
    const found = await uploadOf(url, file, signal);
    if (found.offset > 0) set({ isContinued: true });
    return sendParts(found, file, { signal, onSent });
  }

  /** A browser reports a file that it can no longer read like a lost connection. */
  async function checkReadable() {
    const last = file.slice(Math.max(0, file.size - 1));
    await last.arrayBuffer().catch(() => {
      throw unusable(() => say("upload.changed"));
    });
  }
}

/**
 * Tests if trying again may help: the service is unreachable or fails, or another offset is the right one.
 * @param {unknown} error
 */
function isTransient(error) {
  if (!(error instanceof Refused)) return false;
  const { status = 0, type = "" } = error.problem;
  return [0, 408, 429].includes(status) || (status >= 500 && status !== 507) || type.endsWith("/upload-offset");
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pauseFor(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
