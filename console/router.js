// Which view the address asks for. The address is all after `#`, so that the service has one page.

import { queryText } from "./query.js";

/** The address of a view: its parts, and a query whose empty members are left out. */
export const href = (parts, query = {}) => `#/${parts.map(encodeURIComponent).join("/")}${queryText(query)}`;

export const go = (parts, query) => {
  location.hash = href(parts, query);
};

/** Show the view of the address anew. */
export const again = () => dispatchEvent(new HashChangeEvent("hashchange"));

/** What an address says: its parts and its query. */
export function place(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split("?");
  return {
    parts: path.split("/").filter(Boolean).map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/**
 * The first of the routes that fits, as what loads its view and its parameters; undefined if none does. A route is a path
 * like `scripts/:script` with what loads the view.
 */
export function match(routes, parts) {
  for (const [path, load] of routes) {
    const names = path.split("/").filter(Boolean);
    if (names.length === parts.length && names.every((name, i) => name.startsWith(":") || name === parts[i])) {
      const named = names.map((name, i) => [name, parts[i]]).filter(([name]) => name.startsWith(":"));
      return { load, parameters: Object.fromEntries(named.map(([name, part]) => [name.slice(1), part])) };
    }
  }
  return undefined;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // no address that this console makes
  }
}
