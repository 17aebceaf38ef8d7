// @ts-check
// The limits of the service, which the console shows, and checks before it sends a file.

/** @import { ServiceLimits } from "./types.js" */

import { get, pathOf, unusable } from "./api.js";
import { count, size } from "./formats.js";
import { say } from "./words.js";

/** @type {Promise<ServiceLimits | null> | undefined} */
let known;

/** The limits; null if they cannot be had now: then the service itself refuses what is too large. */
export function serviceLimits() {
  known ??= get(pathOf(["limits"])).catch(() => {
    known = undefined;
    return null;
  });
  return known;
}

/**
 * Refuse a file that is larger than a limit.
 * @param {{ name: string, size: number }} file
 * @param {number | undefined} most
 */
export function refuseLarger(file, most) {
  if (most === undefined || file.size <= most) return;
  throw unusable(() => {
    const inBytes = size(file.size) === size(most);
    const [actual, limit] = [file.size, most].map((bytes) => (inBytes ? `${count(bytes)} B` : size(bytes)));
    return say("file.too-large", { name: file.name, size: actual, most: limit });
  });
}
