// Reads a file that is to be a text.

import { Refused } from "../api.js";
import { size } from "../formats.js";
import { say } from "../words.js";

const MOST = 16 * 1024 * 1024;

/** The file's text. Rejects with `Refused` what is no UTF-8, since the service would, and what no editor should hold. */
export async function textOf(file) {
  if (file.size > MOST) throw new Refused({ title: say("file.too-large", { name: file.name, most: size(MOST) }) });
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refused({ title: say("file.not-utf8", { name: file.name }) });
  }
}
