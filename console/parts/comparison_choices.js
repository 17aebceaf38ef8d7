// @ts-check
// The executions that another one can be compared with.

/** @import { ExecutionSummary } from "../types.js" */

import { byTime } from "../execution_names.js";

const MAX_CHOICES = 20;

/**
 * Tests if an execution has a result that is still stored.
 * @param {ExecutionSummary} execution
 */
const hasResult = ({ output, content_removed_at }) => output !== null && content_removed_at === null;

/**
 * Tests if two executions had the same dataset.
 * @param {Pick<ExecutionSummary, "input">} one
 * @param {Pick<ExecutionSummary, "input">} other
 */
export const hasSameDataset = (one, other) => one.input.sha256 === other.input.sha256;

/**
 * The choices for an execution among others of its script, newest first:
 *   previous  the last one before it that has a result
 *   versions  those of other versions with a result of the same dataset, the newest of each version
 *   latest    the last ones, whatever became of them
 * @param {ExecutionSummary} execution
 * @param {ExecutionSummary[]} others
 */
export function comparisonChoices(execution, others) {
  const all = others.filter(({ id }) => id !== execution.id);
  const isBefore = (/** @type {ExecutionSummary} */ one) => byTime(one, execution)[0] === one;
  /** @type {Map<number, ExecutionSummary>} */
  const versions = new Map();
  for (const one of all.filter((one) => hasResult(one) && hasSameDataset(one, execution)))
    if (one.script.version !== execution.script.version && !versions.has(one.script.version))
      versions.set(one.script.version, one);
  return {
    previous: all.find((one) => hasResult(one) && isBefore(one)),
    versions: [...versions.values()],
    latest: all.slice(0, MAX_CHOICES),
  };
}
