// A warning of the API about a source or an execution.

import { h } from "../dom.js";
import { called, say } from "../words.js";

/** Its kind in the reader's language, its place if it has one, and the service's explanation. */
export const warning = ({ kind, detail, line, first_pointer: pointer }) =>
  h(
    "p",
    { class: "note" },
    h("strong", {}, called("warning", kind)),
    ": ",
    line ? `${say("line", { line })}: ` : "",
    pointer ? `${detail} (${pointer})` : detail,
  );
