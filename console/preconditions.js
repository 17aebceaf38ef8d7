// @ts-check
// Preconditions of changes, so that none overwrites another client's.

import { Refused } from "./api.js";

/**
 * The headers of a change that is made only if the thing is as the reader has seen it, or still missing.
 * @param {string | null | undefined} tag Its entity tag.
 * @returns {Record<string, string>}
 */
export const unchanged = (tag) => (tag ? { "If-Match": tag } : { "If-None-Match": "*" });

/**
 * Tests if an error says that a thing is no longer as the reader has seen it.
 * @param {unknown} error
 */
export const isConflict = (error) => error instanceof Refused && error.problem.status === 412;
