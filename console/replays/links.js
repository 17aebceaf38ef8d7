// @ts-check
// Links of a replayed execution.

import { h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { href } from "../router.js";
import { say } from "../words.js";

/** @param {string} id */
export const originalLink = (id) =>
  h("a", { href: href(["executions", id]), title: id }, say("replay.original", { id: shortId(id) }));

/**
 * Links to an original, to its replay, and to their comparison.
 * @param {string} original
 * @param {string} replay
 */
export const links = (original, replay) =>
  h(
    "span",
    { class: "row links" },
    originalLink(original),
    h("a", { href: href(["executions", replay]), title: replay }, say("replay.execution", { id: shortId(replay) })),
    h("a", { href: href(["compare"], { left: original, right: replay }) }, say("executions.compare")),
  );
