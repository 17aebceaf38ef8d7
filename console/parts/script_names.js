// @ts-check
// The names of scripts, for suggestions and in place of their ids.

/** @import { Script } from "../types.js" */

import { get, pathOf, Refused } from "../api.js";

const MAX_SCRIPTS = 200;

/**
 * The names of the newest scripts by their ids; none if the API key may not list them.
 * @param {AbortSignal} signal
 * @returns {Promise<Map<string, string>>}
 */
export async function scriptNames(signal) {
  try {
    /** @type {{ items: Script[] }} */
    const { items } = await get(pathOf(["scripts"], { limit: MAX_SCRIPTS }), { signal });
    return new Map(items.map(({ id, name }) => [id, name]));
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 403) return new Map();
    throw error;
  }
}
