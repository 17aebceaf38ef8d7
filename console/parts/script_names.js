// @ts-check
// The names of scripts, for suggestions.

/** @import { Script } from "../types.js" */

import { get, pathOf, Refused } from "../api.js";

const MAX_SCRIPTS = 200;

/**
 * The names of the newest scripts; none if the API key may not list them.
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>}
 */
export async function scriptNames(signal) {
  try {
    /** @type {{ items: Script[] }} */
    const { items } = await get(pathOf(["scripts"], { limit: MAX_SCRIPTS }), { signal });
    return items.map(({ name }) => name);
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 403) return [];
    throw error;
  }
}
