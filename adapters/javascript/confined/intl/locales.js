// The locales that are carried, and which of them a request gets: (formatjs, data, differ) => { canonical, resolve, dataOf, supported }.
//
// Requests are canonical language tags between commas.

(formatjs, data, differ) => {
  "use strict";

  const DEFAULT = "en-US";
  const DATA_OF = { "en-US": "en", "pt-BR": "pt", "es-ES": "es", "sv-SE": "sv" };
  const EXTENSION = /-u(?:-[a-z0-9]{2,8})+/;
  const known = new Set(data.tags);
  const canonicalTags = new Map(data.tags.map((tag) => [tag, tag]));

  function canonical(tag) {
    if (!canonicalTags.has(tag)) {
      try {
        canonicalTags.set(tag, formatjs.getCanonicalLocales(tag)[0]);
      } catch {
        throw new RangeError(`Incorrect locale information provided`);
      }
    }
    return canonicalTags.get(tag);
  }

  function carried(tag) {
    let candidate = tag;
    while (!known.has(candidate)) {
      const end = candidate.lastIndexOf("-");
      if (end < 0) return undefined;
      candidate = candidate.slice(0, candidate[end - 2] === "-" ? end - 2 : end);
    }
    return candidate;
  }

  function keywordsOf(tag) {
    const found = EXTENSION.exec(tag);
    const keywords = {};
    if (found === null) return keywords;
    let key;
    for (const word of found[0].split("-").slice(2)) {
      if (word.length === 2) keywords[(key = word)] = "";
      else if (key !== undefined) keywords[key] += (keywords[key] === "" ? "" : "-") + word;
    }
    return keywords;
  }

  // `accepted` has, by the keywords that the service knows, whether it takes a value; `chosen` the values that options have set.
  function resolve(tags, service, accepted = {}, chosen = {}) {
    for (const tag of tags === "" ? [] : tags.split(",")) {
      const base = tag.replace(EXTENSION, "");
      const found = carried(base);
      // the order of texts is the same in all regions of a language
      if (found === undefined || (found !== base && service !== "Collator")) differ("locale");
      if (found === undefined) continue;
      const requested = keywordsOf(tag);
      const keywords = {};
      let kept = "";
      for (const key of Object.keys(accepted).sort()) {
        if (!(key in requested)) continue;
        if (!accepted[key](requested[key])) {
          differ("locale");
          continue;
        }
        if (chosen[key] !== undefined && chosen[key] !== requested[key]) continue;
        keywords[key] = requested[key];
        kept += `-${key}${requested[key] === "" || requested[key] === "true" ? "" : `-${requested[key]}`}`;
      }
      const shown = data.resolved[service]?.[found] ?? found;
      return { locale: kept === "" ? shown : `${shown}-u${kept}`, data: DATA_OF[found] ?? found, keywords };
    }
    return { locale: data.resolved[service]?.[DEFAULT] ?? DEFAULT, data: DATA_OF[DEFAULT], keywords: {} };
  }

  function supported(tags) {
    const all = tags === "" ? [] : tags.split(",");
    const found = all.filter((tag) => carried(tag.replace(EXTENSION, "")) !== undefined);
    if (found.length < all.length) differ("locale");
    return found;
  }

  // The locale's data, whose differences from those that it extends are stored.
  function extended(base, difference) {
    const all = { ...base };
    for (const [key, value] of Object.entries(difference)) {
      if (value === null) delete all[key];
      else all[key] = isRecord(value) && isRecord(base[key]) ? extended(base[key], value) : value;
    }
    return all;
  }

  const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const wholes = new Map();

  function dataOf(locale) {
    if (!wholes.has(locale)) {
      const { base, data: own } = data.locales[locale];
      wholes.set(locale, base === null ? own : extended(dataOf(base), own));
    }
    return wholes.get(locale);
  }

  return { canonical, resolve, supported, dataOf, names: Object.keys(data.locales) };
};
