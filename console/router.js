// @ts-check
// Routes: the view that the address names. Its path follows the `#`, so the service has a single page.

/** @import { LoadView, Query, Route, RouteParameter } from "./types.js" */

import { queryText } from "./query.js";

/**
 * The address of a view. Empty query parameters are left out.
 * @param {(string | number)[]} parts
 * @param {Query} [query]
 */
export const href = (parts, query = {}) => `#/${parts.map(encodeURIComponent).join("/")}${queryText(query)}`;

/**
 * Go to a view.
 * @param {(string | number)[]} parts
 * @param {Query} [query]
 */
export const go = (parts, query) => {
  location.hash = href(parts, query);
};

/**
 * Change query parameters of the address without showing the view again: the part of it that is shown, for a link to it.
 * @param {Query} changes
 */
export function remember(changes) {
  const { parts, query } = place(location.hash);
  history.replaceState(history.state, "", href(parts, { ...query, ...changes }));
}

/** Show the view of the address again. */
export const reload = () => dispatchEvent(new HashChangeEvent("hashchange"));

/**
 * The parts and the query of an address.
 * @param {string} hash
 */
export function place(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split("?");
  return {
    parts: path.split("/").filter(Boolean).map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/**
 * A route: a path such as `scripts/:script`, and the loader of its view, which gets the parameters of the path.
 * @template {string} Path
 * @param {Path} path
 * @param {LoadView<RouteParameter<Path>>} load
 * @returns {Route}
 */
export const route = (path, load) => ({ path, load });

/**
 * The first route that matches: its loader and its parameters.
 * @param {Route[]} routes
 * @param {string[]} parts
 */
export function match(routes, parts) {
  for (const { path, load } of routes) {
    const names = path.split("/").filter(Boolean);
    if (names.length === parts.length && names.every((name, i) => name.startsWith(":") || name === parts[i])) {
      const named = names.map((name, i) => [name, parts[i]]).filter(([name]) => name.startsWith(":"));
      return { load, parameters: Object.fromEntries(named.map(([name, part]) => [name.slice(1), part])) };
    }
  }
  return undefined;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // not an address that the console makes
  }
}
