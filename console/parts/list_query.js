// @ts-check
// The address of a filtered list and the query of the API that it stands for. A preset period stays relative in the
// address, so that a link to "the last 24 hours" means those before it is opened.

/** @import { ProblemDetails, Query } from "../types.js" */

const HOUR_MS = 3_600_000;

/** The preset periods, in milliseconds. */
export const PERIODS = { "1h": HOUR_MS, "24h": 24 * HOUR_MS, "7d": 7 * 24 * HOUR_MS, "30d": 30 * 24 * HOUR_MS };

/** The period whose ends the reader chooses. */
export const CUSTOM = "custom";

/**
 * The names of the parameters of a period's ends.
 * @typedef {{ from: string, to: string }} PeriodEnds
 */

/**
 * The filters of a list: the names of its parameters, and those of the ends of its period, if it has one.
 * @typedef {{ names: string[] } & (PeriodEnds | { from?: undefined, to?: undefined })} Filters
 */

/** @typedef {Record<string, string | undefined>} Address The query of an address. */

/**
 * The period of an address: a preset, `CUSTOM`, or nothing. An address with an end but no period is custom.
 * @param {Address} address
 * @param {Filters} filters
 */
export function periodOf({ period, ...address }, { from, to }) {
  if (from === undefined) return undefined;
  if (period === CUSTOM || isPreset(period)) return period;
  return address[from] || address[to] ? CUSTOM : undefined;
}

/**
 * @param {string | undefined} period
 * @returns {period is keyof typeof PERIODS}
 */
const isPreset = (period) => period !== undefined && Object.hasOwn(PERIODS, period);

/**
 * The query of the API for an address. Parameters that the list does not have are left out.
 * @param {Address} address
 * @param {Filters} filters
 * @param {number} now In milliseconds since 1970.
 * @returns {Query}
 */
export function apiQuery(address, filters, now) {
  const query = Object.fromEntries(filters.names.map((name) => [name, address[name]]));
  const period = periodOf(address, filters);
  const { from, to } = filters;
  if (from === undefined) return query;
  if (isPreset(period)) return { ...query, [from]: new Date(now - PERIODS[period]).toISOString() };
  return period === CUSTOM ? { ...query, [from]: address[from], [to]: address[to] } : query;
}

/**
 * The number of filters that are set; a period counts once.
 * @param {Address} address
 * @param {Filters} filters
 */
export const activeCount = (address, filters) =>
  filters.names.filter((name) => address[name]).length + (periodOf(address, filters) ? 1 : 0);

/**
 * The parameters that a problem is about; none if it is not about the filters.
 * @param {ProblemDetails} problem
 * @returns {string[]}
 */
export function refusedFilters({ type = "", errors = [] }) {
  if (/\/(unknown-script|malformed-id)$/.test(type)) return ["script"];
  return /\/invalid-query$/.test(type) ? errors.flatMap(({ parameter }) => parameter ?? []) : [];
}
