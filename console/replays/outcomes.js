// @ts-check
// The outcomes of replayed executions, and the status of a replay.

/** @import { Content, OutcomeMember, VersionReplay, ReplayOutcome } from "../types.js" */

import { h } from "../dom.js";
import { called } from "../words.js";

/**
 * The outcomes with a sign for each, so that none is told by its colour alone.
 * @type {Record<ReplayOutcome, string>}
 */
const SIGNS = {
  equal: "=",
  changed: "\u2260",
  "now-failing": "\u2717",
  "now-succeeding": "\u2713",
  skipped: "\u2013",
  incomplete: "?",
};

export const OUTCOMES = /** @type {ReplayOutcome[]} */ (Object.keys(SIGNS));

/**
 * The member of a replay's counts for an outcome.
 * @param {ReplayOutcome} outcome
 */
export const memberOf = (outcome) => /** @type {OutcomeMember} */ (outcome.replace("-", "_"));

/**
 * An outcome as a badge.
 * @param {ReplayOutcome} outcome
 * @returns {Content}
 */
export const outcomeBadge = (outcome) =>
  h("span", { class: `badge outcome ${outcome}` }, sign(outcome), called("outcome", outcome));

/** @param {ReplayOutcome} outcome */
export const sign = (outcome) => h("span", { class: "sign", "aria-hidden": "true" }, `${SIGNS[outcome]} `);

/** @param {VersionReplay} replay */
export const hasFinished = ({ status }) => status === "finished";

const STATUS_LOOKS = { pending: "pending", running: "running", finished: "succeeded" };

/** @param {Pick<VersionReplay, "status">} replay */
export const replayBadge = ({ status }) =>
  h("span", { class: `badge ${STATUS_LOOKS[status]}` }, called("replaying", status));
