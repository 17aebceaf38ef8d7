// @ts-check
// Loads modules on demand.

import { unusable } from "./api.js";
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
    throw unusable(() => say("refused.module"));
  }
}
