// @ts-check
// Requests about the aliases and the gate of a script.

/** @import { Alias, AliasList, Move, Gate, GateReport } from "../types.js" */

import { get, pathOf, remove, send } from "../api.js";
import { unchanged } from "../preconditions.js";
import { rollbackSearch } from "./moves.js";

const HISTORY_PAGE = 200;

/**
 * The aliases and the gate of a script. Asked for alone, a gate that is missing would be an error.
 * @param {string} script
 * @param {AbortSignal} signal
 * @returns {Promise<[Alias[], TaggedGate | null]>}
 */
export async function readAliases(script, signal) {
  /** @type {AliasList} */
  const { items, gate } = await get(pathOf(["scripts", script, "aliases"], { gate: "true" }), { signal });
  return [items, gate ? { ...gate, tag: `"${gate.revision}"` } : null];
}

/** @typedef {Gate & { tag: string }} TaggedGate A gate with its entity tag. */

/** @param {Alias | undefined} alias */
const tagOf = (alias) => alias && `"${alias.revision}"`;

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
  send("PUT", pathOf(["scripts", script, "aliases", name]), move, { headers: unchanged(tagOf(known)) });

/**
 * Move an alias back from the version to which the reader has seen it lead.
 * @param {string} script
 * @param {Alias} alias
 * @param {string} note
 * @returns {Promise<Alias>}
 */
export const rollBack = (script, alias, note) =>
  send(
    "POST",
    pathOf(["scripts", script, "aliases", alias.name, "rollback"]),
    { note },
    { headers: unchanged(tagOf(alias)) },
  );

/**
 * @param {string} script
 * @param {Alias} alias
 */
export const removeAlias = (script, alias) =>
  remove(pathOf(["scripts", script, "aliases", alias.name]), { headers: unchanged(tagOf(alias)) });

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
    /** @type {{ items: Move[], next_cursor: string | null }} */
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

/** @param {string} script */
const gatePath = (script) => pathOf(["scripts", script, "gate"]);

/**
 * Set the gate of a script, or make it.
 * @param {string} script
 * @param {TaggedGate | null} known
 * @param {Gate} wanted
 * @returns {Promise<Gate>}
 */
export const setGate = (script, known, wanted) =>
  send("PUT", gatePath(script), wanted, { headers: unchanged(known?.tag) });

/**
 * @param {string} script
 * @param {TaggedGate} known
 */
export const removeGate = (script, known) => remove(gatePath(script), { headers: unchanged(known.tag) });

/**
 * The standing of a version at its script's gate.
 * @param {string} script
 * @param {number} version
 * @param {AbortSignal} signal
 * @returns {Promise<GateReport>}
 */
export const readStanding = (script, version, signal) =>
  get(pathOf(["scripts", script, "versions", version, "gate"]), { signal });
