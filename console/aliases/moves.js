// @ts-check
// The history of an alias is a stack: a promotion puts a version on it, and a rollback takes one off.

/** @import { Move } from "../types.js" */

/**
 * A function that takes moves, newest first, until it has found the version that a rollback leads to: it returns that
 * version, null if there is none, or undefined if it needs more moves.
 */
export function rollbackSearch() {
  let undone = 0;
  /**
   * @param {Pick<Move, "reason" | "from_version">} move
   * @returns {number | null | undefined}
   */
  return ({ reason, from_version: from }) => {
    if (reason === "removal") return null;
    if (reason === "rollback") undone += 1;
    else if (undone > 0) undone -= 1;
    else return from;
    return undefined;
  };
}
