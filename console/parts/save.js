// @ts-check
// Saves a file with the browser's own download.

import { h } from "../dom.js";

const URL_LIFETIME_MS = 60_000;

/**
 * Save a Blob under a file name.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const href = URL.createObjectURL(blob);
  const link = h("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), URL_LIFETIME_MS);
}
