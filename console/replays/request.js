// @ts-check
// The request that starts a replay, from the texts of its form.

const DIGITS = 15;

/**
 * The texts of the form. `executions` are those that were chosen; without any, the last ones are replayed.
 * @typedef {object} EnteredReplay
 * @property {string[]} executions
 * @property {string} last
 * @property {string} since A timestamp.
 * @property {string} ofVersion
 * @property {string} key Names of columns, separated by commas.
 * @property {string} absolute
 * @property {string} relative In percent.
 */

/** @param {EnteredReplay} entered */
export function replayRequest({ executions, last, since, ofVersion, key, absolute, relative }) {
  const columns = columnsIn(key);
  const tolerance = withoutEmpty({ absolute: numberIn(absolute), relative: fractionIn(relative) });
  const selection =
    executions.length > 0
      ? { executions }
      : { last: Number(last), since: since || undefined, of_version: numberIn(ofVersion) };
  return withoutEmpty({
    ...selection,
    key: columns.length > 0 ? columns : undefined,
    tolerance: Object.keys(tolerance).length > 0 ? tolerance : undefined,
  });
}

/** @param {string} text */
const columnsIn = (text) =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/** @param {string} text */
const numberIn = (text) => (text === "" ? undefined : Number(text));

/**
 * A percentage as a fraction, without the digits that a binary division adds: 0.07 % is 0.0007.
 * @param {string} text
 */
const fractionIn = (text) => (text === "" ? undefined : Number((Number(text) / 100).toPrecision(DIGITS)));

/**
 * @template {Record<string, unknown>} T
 * @param {T} members
 */
const withoutEmpty = (members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
