// Hands a file over to the browser, which asks or knows where to keep it.

import { h } from "../dom.js";

const MOST_MS = 60_000;

/** Save the bytes of a Blob under a name. */
export function save(blob, name) {
  const href = URL.createObjectURL(blob);
  const link = h("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), MOST_MS);
}
