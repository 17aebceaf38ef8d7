// @ts-check
// The status of an execution, as a badge.

/** @import { RunError, State } from "../types.js" */

import { h } from "../dom.js";
import { called } from "../words.js";

/**
 * The badge of a failure that was asked for says `cancelled`, in another colour.
 * @param {State} state
 * @param {Pick<RunError, "kind"> | null} [error]
 */
export const statusBadge = (state, error) =>
  error?.kind === "cancelled"
    ? h("span", { class: "badge cancelled" }, called("error", error.kind))
    : h("span", { class: `badge ${state}` }, called("status", state));

/**
 * Narrows an execution to one that has not finished.
 * @template {{ status: State }} T
 * @param {T} execution
 * @returns {execution is T & { status: "pending" | "running" }}
 */
export const isActive = (execution) => execution.status === "pending" || execution.status === "running";

/** @param {{ status: State }} execution */
export const hasFinished = (execution) => !isActive(execution);

/**
 * The states of an execution.
 * @type {State[]}
 */
export const STATES = ["pending", "running", "succeeded", "failed"];
