// @ts-check
// The API key. It is stored for this tab only: another tab asks again, and closing this one discards it.

import { storedName } from "./root.js";

const NAME = storedName("key");

/** The event of the window after another key was stored, or none. */
export const KEY_CHANGED = "bateia-key-changed";

export const apiKey = () => sessionStorage.getItem(NAME);

/**
 * Store a key; an empty one removes it.
 * @param {string} text
 */
export function setApiKey(text) {
  if (text) sessionStorage.setItem(NAME, text);
  else sessionStorage.removeItem(NAME);
  dispatchEvent(new Event(KEY_CHANGED));
}

/**
 * The headers that authenticate a request.
 * @returns {Record<string, string>}
 */
export function credentials() {
  const key = apiKey();
  return key ? { Authorization: `Bearer ${key}` } : {};
}
