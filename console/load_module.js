// @ts-check
// Loads modules on demand.

import { Refused } from "./api.js";
import { say } from "./words.js";

/**
 * The module of an `import()`. Rejects with `Refused` if it cannot be loaded: after an upgrade files have new addresses.
 * @template T
 * @param {Promise<T>} importing
 */
export async function loadModule(importing) {
  try {
    return await importing;
  } catch (error) {
    console.warn(error);
    throw new Refused({
      get title() {
        return say("refused.module");
      },
      status: 0,
    });
  }
}
