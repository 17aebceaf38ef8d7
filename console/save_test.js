// @ts-check
// Saves a test of a script, unless it is no longer as the reader has seen it.

import { call, getTagged, pathOf, Refused, unusable } from "./api.js";
import { isConflict, unchanged } from "./preconditions.js";
import { say } from "./words.js";

/**
 * The path of a test.
 * @param {string} script
 * @param {string} name
 */
export const testPath = (script, name) => pathOf(["scripts", script, "tests", name]);

/**
 * A function that saves a test from the body of the request. A test that was changed meanwhile is not replaced at once,
 * but when it is saved again, because the reader knows of it then.
 * @param {string} script
 * @param {Record<string, string | null>} seen The entity tags of the tests that the reader has seen, by name.
 */
export function testSaver(script, seen) {
  const tags = new Map(Object.entries(seen));
  return async (/** @type {string} */ name, /** @type {string} */ body) => {
    const path = testPath(script, name);
    const headers = { "Content-Type": "application/json", ...unchanged(tags.get(name)) };
    try {
      await call("PUT", path, { body, headers });
    } catch (error) {
      if (!isConflict(error)) throw error;
      const words = tags.get(name) ? "test.conflict" : "test.exists";
      tags.set(name, await tagAt(path));
      throw unusable(() => say(words, { name }));
    }
  };
}

/**
 * The entity tag of a test; null if there is none.
 * @param {string} path
 */
async function tagAt(path) {
  try {
    return (await getTagged(path)).tag;
  } catch (error) {
    if (error instanceof Refused && error.problem.type?.endsWith("/unknown-test")) return null;
    throw error;
  }
}
