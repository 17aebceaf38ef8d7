// @ts-check
// Requests about the aliases and the gate of a script.

/** @import { Alias, AliasMove, Gate, GateStanding } from "../types.js" */

import { get, pathOf, Refused, remove, send } from "../api.js";
import { rollbackSearch } from "./moves.js";

const HISTORY_PAGE = 200;

/**
 * @param {string} script
 * @param {AbortSignal} signal
 * @returns {Promise<Alias[]>}
 */
export async function readAliases(script, signal) {
  /** @type {{ items: Alias[] }} */
  const { items } = await get(pathOf(["scripts", script, "aliases"]), { signal });
  return items;
}

/**
 * Move an alias, or make it. `known` is the alias as the reader has seen it: if it was moved since, the request is refused
 * with 412.
 * @param {string} script
 * @param {string} name
 * @param {Alias | undefined} known
 * @param {{ version: number, note?: string, force?: boolean }} move
 * @returns {Promise<Alias>}
 */
export const promote = (script, name, known, move) =>
  send("PUT", pathOf(["scripts", script, "aliases", name]), move, {
    headers: known ? { "If-Match": `"${known.revision}"` } : { "If-None-Match": "*" },
  });

/**
 * @param {string} script
 * @param {string} name
 * @param {string} note
 * @returns {Promise<Alias>}
 */
export const rollBack = (script, name, note) =>
  send("POST", pathOf(["scripts", script, "aliases", name, "rollback"]), note ? { note } : {});

/**
 * @param {string} script
 * @param {string} name
 */
export const removeAlias = (script, name) => remove(pathOf(["scripts", script, "aliases", name]));

/**
 * The path of a page of an alias's moves, newest first.
 * @param {string} script
 * @param {string} name
 * @param {import("../types.js").Query} [query]
 */
export const historyPath = (script, name, query) => pathOf(["scripts", script, "aliases", name, "history"], query);

/**
 * The version that a rollback of an alias leads to, or null if there is none.
 * @param {string} script
 * @param {string} name
 * @param {AbortSignal} signal
 */
export async function rollbackTarget(script, name, signal) {
  const search = rollbackSearch();
  for (let cursor; ; ) {
    /** @type {{ items: AliasMove[], next_cursor: string | null }} */
    const { items, next_cursor: next } = await get(historyPath(script, name, { limit: HISTORY_PAGE, cursor }), {
      signal,
    });
    for (const move of items) {
      const found = search(move);
      if (found !== undefined) return found;
    }
    if (!next) return null;
    cursor = next;
  }
}

/**
 * The gate of a script; null if it has none.
 * @param {string} script
 * @param {AbortSignal} signal
 * @returns {Promise<Gate | null>}
 */
export async function readGate(script, signal) {
  try {
    return await get(gatePath(script), { signal });
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 404) return null;
    throw error;
  }
}

/** @param {string} script */
export const gatePath = (script) => pathOf(["scripts", script, "gate"]);

/**
 * The standing of a version at its script's gate.
 * @param {string} script
 * @param {number} version
 * @param {AbortSignal} signal
 * @returns {Promise<GateStanding>}
 */
export const readStanding = (script, version, signal) =>
  get(pathOf(["scripts", script, "versions", version, "gate"]), { signal });
