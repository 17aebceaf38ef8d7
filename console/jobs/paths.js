// @ts-check
// Addresses of jobs, of the objects of stores, and their names.

import { pathOf } from "../api.js";

/** The address of the list of jobs. */
export const PARTS = ["jobs"];

/**
 * The path of a job in the API, or of a part of it.
 * @param {string} id
 * @param {...string} rest
 */
export const jobPath = (id, ...rest) => pathOf(["jobs", id, ...rest]);

/**
 * The store and the path of a URL such as `lake://cards/a.csv`.
 * @param {string} url
 */
export function placeOf(url) {
  const [store, path = ""] = url.split("://");
  return { store, path };
}

/**
 * The path of an object in the API.
 * @param {string} url
 */
export function objectPath(url) {
  const { store, path } = placeOf(url);
  return pathOf(["stores", store, ...path.split("/")]);
}
