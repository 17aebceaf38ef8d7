// @ts-check
// A choice among the versions of a script.

import { choice } from "./field.js";

const MAX_VERSIONS = 200;

/**
 * A choice among the newest versions and the selected one, after an option for none of them if `any` has its text.
 * @param {string} label
 * @param {number} latest
 * @param {{ selected?: string, any?: string, choose?: (version: string) => unknown }} [options]
 */
export function versionChoice(label, latest, { selected, any, choose } = {}) {
  const numbers = Array.from({ length: Math.min(latest, MAX_VERSIONS) }, (_, i) => String(latest - i));
  if (selected && !numbers.includes(selected)) numbers.push(selected);
  /** @type {[string, string][]} */
  const options = numbers.map((number) => [number, number]);
  return choice(label, any === undefined ? options : [["", any], ...options], { value: selected, choose });
}
