// @ts-check
// The download of an object of a store. A key cannot be in a link, so the browser gets the bytes from this page.

/** @import { ListedObject } from "../types.js" */

import { getBlob, unusable } from "../api.js";
import { size } from "../formats.js";
import { save } from "../parts/save.js";
import { say } from "../words.js";
import { objectPath } from "./paths.js";

const MAX_BYTES = 2 ** 30;

/**
 * Save an object as a file. Rejects for one that would not fit into the memory of a page.
 * @param {ListedObject} object
 * @param {AbortSignal} signal
 */
export async function saveObject({ url, path, size_bytes: bytes }, signal) {
  if (bytes > MAX_BYTES) throw unusable(() => say("job.download.too-large", { most: size(MAX_BYTES) }));
  save(await getBlob(objectPath(url), { signal }), path.split("/").at(-1) ?? path);
}
