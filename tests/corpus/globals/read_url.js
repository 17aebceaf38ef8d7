// All that a URL says of itself, before and after changes.

globalThis.partsOf = (url) => [
  "href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash",
].map((part) => url[part]).concat([[...url.searchParams].join("|")]).join("  ");

globalThis.readUrl = (text, base) => partsOf(base === undefined ? new URL(text) : new URL(text, base));

globalThis.changeUrl = (text, changes) => {
  const url = new URL(text);
  return changes.map(([part, value]) => {
    url[part] = value;
    return partsOf(url);
  }).join(" -> ");
};
