// @ts-check
// Links to batches.

/** @import { BatchReference } from "../types.js" */

import { h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { count } from "../formats.js";
import { visible } from "../results/visible.js";
import { href } from "../router.js";
import { say } from "../words.js";

/**
 * A link to a batch, by its short id.
 * @param {string} id
 */
export const batchLink = (id) => h("a", { href: href(["batches", id]), title: id }, h("code", {}, shortId(id)));

/**
 * A link to the batch of an execution that names its line; the reference is its tooltip.
 * @param {BatchReference} place
 */
export const shortPlace = ({ id, line, ref }) =>
  h("a", { href: href(["batches", id]), title: ref ?? id }, say("batch.line.short", { line: count(line) }));

/**
 * The place of an execution in its batch, with the reference of the line.
 * @param {BatchReference} place
 */
export const placeInBatch = ({ id, line, ref }) =>
  h(
    "span",
    {},
    say("batch.line.of", { line: count(line) }),
    " ",
    batchLink(id),
    ref !== null && [" · ", say("batch.ref"), " ", visible(ref)],
  );
