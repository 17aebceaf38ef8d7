// @ts-check
// The uploads that are not complete, in the browser's local storage, so that a file that is chosen again continues.

import { storedName } from "../root.js";

const NAME = storedName("uploads");
const MAX_UPLOADS = 50;
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1_000; // as long as the service keeps them

/**
 * @typedef {object} Remembered
 * @property {string} id
 * @property {string} url The object that it becomes.
 * @property {string} name
 * @property {number} size
 * @property {number} lastModified
 * @property {number} at When it was begun, in milliseconds.
 */

/** @returns {Remembered[]} */
export function rememberedUploads() {
  try {
    /** @type {Remembered[]} */
    const found = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return found.filter(({ at }) => at > Date.now() - LIFETIME_MS);
  } catch {
    return []; // not written by this module, or the browser stores nothing
  }
}

/**
 * The upload of the same file to the same place, if one is not complete.
 * @param {string} url
 * @param {File} file
 */
export const rememberedFor = (url, { name, size, lastModified }) =>
  rememberedUploads().find(
    (one) => one.url === url && one.name === name && one.size === size && one.lastModified === lastModified,
  );

/**
 * @param {string} id
 * @param {string} url
 * @param {File} file
 */
export function rememberUpload(id, url, { name, size, lastModified }) {
  const others = rememberedUploads().filter((one) => one.url !== url);
  store([{ id, url, name, size, lastModified, at: Date.now() }, ...others]);
}

/** @param {string} id */
export const forgetUpload = (id) => store(rememberedUploads().filter((one) => one.id !== id));

/** @param {Remembered[]} uploads */
function store(uploads) {
  try {
    if (uploads.length === 0) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, JSON.stringify(uploads.slice(0, MAX_UPLOADS)));
  } catch {
    // nothing is stored here: the upload cannot be continued after the page is left
  }
}
