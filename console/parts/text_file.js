// @ts-check
// Reads text files.

import { Refused } from "../api.js";
import { size } from "../formats.js";
import { say } from "../words.js";

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The text of a file. Rejects with `Refused` if it is not UTF-8, as the service would, or too large for the editor.
 * @param {File} file
 */
export async function textOf(file) {
  const { name } = file;
  if (file.size > MAX_BYTES) throw unusable(() => say("file.too-large", { name, most: size(MAX_BYTES) }));
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unusable(() => say("file.not-utf8", { name }));
  }
}

/**
 * An error whose title follows the language.
 * @param {() => string} title
 */
const unusable = (title) =>
  new Refused({
    get title() {
      return title();
    },
  });
