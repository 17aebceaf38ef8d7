// @ts-check
// Names and the order of executions, and the address of their comparison.

/** @import { ScriptReference } from "./types.js" */

import { href } from "./router.js";

const SHORT_CHARACTERS = 8;

/**
 * The last characters of an id. The first ones of a time-ordered UUID are its time, which executions of the same minute
 * share.
 * @param {string} id
 */
export const shortId = (id) => id.slice(-SHORT_CHARACTERS);

/**
 * A script version, as `corporate-cards v2`.
 * @param {Pick<ScriptReference, "name" | "version">} script
 */
export const versionName = ({ name, version }) => `${name} v${version}`;

/**
 * The start of the names of files about an execution.
 * @param {{ id: string, script: Pick<ScriptReference, "name" | "version"> }} execution
 */
export const fileStem = ({ id, script }) => `${script.name}-v${script.version}-${shortId(id)}`;

/**
 * Two executions, the one that was submitted first before the other. Those of the same millisecond are ordered by their
 * ids, which are time-ordered too.
 * @template {{ id: string, submitted_at: string }} T
 * @param {T} one
 * @param {T} other
 * @returns {[before: T, after: T]}
 */
export function byTime(one, other) {
  const difference = Date.parse(one.submitted_at) - Date.parse(other.submitted_at);
  return difference > 0 || (difference === 0 && one.id > other.id) ? [other, one] : [one, other];
}

/**
 * The address of the comparison of two executions, the older one before the other.
 * @param {{ id: string, submitted_at: string }} one
 * @param {{ id: string, submitted_at: string }} other
 */
export function comparisonHref(one, other) {
  const [before, after] = byTime(one, other);
  return href(["compare"], { left: before.id, right: after.id });
}
