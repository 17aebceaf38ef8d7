// @ts-check
// Source files: their kinds and their text.

import { unusable } from "../api.js";
import { refuseLarger, serviceLimits } from "../service_limits.js";
import { say } from "../words.js";

/** The kinds of files that a file field for a source offers first. */
export const SOURCE_KINDS = ".js,.mjs,text/javascript";

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The text of a file. Rejects with `Refused` if it is not UTF-8, as the service would, or too large for the service or the editor.
 * @param {File} file
 */
export async function textOf(file) {
  const { name } = file;
  refuseLarger(file, Math.min(MAX_BYTES, (await serviceLimits())?.source_bytes ?? MAX_BYTES));
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unusable(() => say("file.not-utf8", { name }));
  }
}
