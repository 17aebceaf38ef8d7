// @ts-check
// Sends a file to a store: in parts if the store can continue uploads, otherwise in one request.

/** @import { Upload } from "../types.js" */

import { get, pathOf, Refused, remove, send, upload } from "../api.js";
import { objectPath, placeOf } from "../jobs/paths.js";
import { forgetUpload, rememberedFor, rememberUpload } from "./remembered.js";

export const PART_BYTES = 8 * 2 ** 20;
const OCTETS = { "Content-Type": "application/octet-stream" };

/**
 * @typedef {object} Sending
 * @property {AbortSignal} signal
 * @property {(bytes: number) => void} onSent Gets the bytes that have been sent of the whole file.
 */

/**
 * @param {string} url
 * @param {string} id
 */
const uploadPath = (url, id) => pathOf(["uploads", placeOf(url).store, id]);

/**
 * The upload of this file that is not complete, or a new one.
 * @param {string} url
 * @param {File} file
 * @param {AbortSignal} signal
 * @returns {Promise<Upload>}
 */
export async function uploadOf(url, file, signal) {
  const known = rememberedFor(url, file);
  if (known) {
    try {
      return await get(uploadPath(url, known.id), { signal });
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.status !== 404) throw error;
      forgetUpload(known.id); // complete, discarded, or another API key's
    }
  }
  /** @type {Upload} */
  const begun = await send("POST", pathOf(["uploads"]), { url, size_bytes: file.size }, { signal });
  rememberUpload(begun.id, url, file);
  return begun;
}

/**
 * Send what is missing of an upload, part by part. Resolves when the object is complete.
 * @param {Upload} begun
 * @param {File} file
 * @param {Sending} sending
 */
export async function sendParts({ id, url, offset: first }, file, { signal, onSent }) {
  let offset = first;
  onSent(offset);
  for (;;) {
    const part = file.slice(offset, offset + PART_BYTES);
    const start = offset;
    const onProgress = (/** @type {number} */ fraction) => onSent(start + Math.floor(fraction * part.size));
    const headers = { ...OCTETS, "Upload-Offset": String(offset) };
    /** @type {Partial<Upload>} */
    const now = await upload(uploadPath(url, id), part, headers, { signal, onProgress, method: "PATCH" });
    if (now.offset === undefined) break; // the object, not the upload
    offset = now.offset;
    onSent(offset);
  }
  forgetUpload(id);
  onSent(file.size);
}

/**
 * Send a file in one request. Unless it may replace an object, the service refuses one that is there.
 * @param {string} url
 * @param {File} file
 * @param {Sending & { mayReplace: boolean }} options
 */
export async function sendWhole(url, file, { signal, onSent, mayReplace }) {
  const headers = { ...OCTETS, ...(mayReplace ? {} : { "If-None-Match": "*" }) };
  const onProgress = (/** @type {number} */ fraction) => onSent(Math.floor(fraction * file.size));
  await upload(objectPath(url), file, headers, { signal, onProgress, method: "PUT" });
  onSent(file.size);
}

/**
 * Discard what has come of an upload.
 * @param {string} url
 * @param {File} file
 */
export async function discardUpload(url, file) {
  const known = rememberedFor(url, file);
  if (!known) return;
  forgetUpload(known.id);
  await remove(uploadPath(url, known.id));
}
