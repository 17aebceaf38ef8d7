// @ts-check
// A version's note, author, time and source, as a description list.

/** @import { Version } from "../types.js" */

import { h } from "../dom.js";
import { size, timestamp } from "../formats.js";
import { say } from "../words.js";

/** @param {Version} version */
export const versionFacts = ({ note, created_by: author, created_at: at, size_bytes: bytes, sha256 }) =>
  h(
    "dl",
    {},
    note && [h("dt", {}, say("version.note")), h("dd", {}, h("bdi", { class: "text" }, note))],
    author && [h("dt", {}, say("version.created-by")), h("dd", {}, h("bdi", { class: "text" }, author))],
    [h("dt", {}, say("version.since")), h("dd", {}, timestamp(at))],
    [
      h("dt", {}, say("source")),
      h("dd", {}, size(bytes), " · ", h("span", { title: sha256 }, "SHA-256 ", h("code", {}, sha256.slice(0, 12)))),
    ],
  );
