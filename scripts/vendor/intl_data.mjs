// usage: node intl_data.mjs OUTPUT
//
// The locale data of `Intl` (adapters/javascript/confined/vendor/intl.json): what FormatJS needs of its own packages, and what
// Node's ICU answers about dates, time zones and collation, which FormatJS derives differently or not at all.
//
// Each locale is stored as its difference from the one before it in LOCALES that it extends. The same Node gives the same file.

import { readFileSync, writeFileSync } from "node:fs";

import { collation } from "./intl_collation.mjs";
import { datePatterns } from "./intl_dates.mjs";
import { timeZones } from "./intl_zones.mjs";

const ICU = "78.2";
if (process.versions.icu !== ICU)
  throw new Error(`the data are those of ICU ${ICU}, this Node has ${process.versions.icu}`);

const LOCALES = { en: null, "en-GB": "en", "en-CA": "en", pt: null, "pt-PT": "pt", es: null, sv: null };
const DATA_OF = { en: "en-US", pt: "pt-BR", es: "es-ES", sv: "sv-SE" };
const PACKAGES = {
  numbers: "NumberFormat",
  relative: "RelativeTimeFormat",
  lists: "ListFormat",
  names: "DisplayNames",
};

// The argument with which a file of locale data calls the package's `__addLocaleData`.
function added(type, locale) {
  const path = `node_modules/@formatjs/intl-${type.toLowerCase()}/locale-data/${locale}.js`;
  let data;
  const packages = {
    [type]: {
      __addLocaleData: (given) => {
        data = given.data;
      },
    },
  };
  new Function("Intl", readFileSync(path, "utf8"))(packages);
  return data;
}

function without(data, base) {
  if (typeof data !== "object" || data === null || typeof base !== "object" || base === null) return data;
  if (Array.isArray(data) || Array.isArray(base)) return data;
  const rest = {};
  for (const key of Object.keys(data)) {
    if (JSON.stringify(data[key]) !== JSON.stringify(base[key])) rest[key] = without(data[key], base[key]);
  }
  for (const key of Object.keys(base)) if (!(key in data)) rest[key] = null;
  return rest;
}

const locales = {};
const whole = {};
for (const [locale, base] of Object.entries(LOCALES)) {
  const data = Object.fromEntries(Object.entries(PACKAGES).map(([name, type]) => [name, added(type, locale)]));
  data.dates = datePatterns(DATA_OF[locale] ?? locale);
  whole[locale] = data;
  locales[locale] = { base, data: base === null ? data : without(data, whole[base]) };
}
const tags = Object.keys(LOCALES).flatMap((locale) => [locale, ...(locale in DATA_OF ? [DATA_OF[locale]] : [])]);
const values = Object.fromEntries(
  ["calendar", "collation", "currency", "numberingSystem", "timeZone", "unit"].map((key) => [
    key,
    Intl.supportedValuesOf(key),
  ]),
);
const zones = timeZones(
  Object.keys(LOCALES).map((locale) => [locale, DATA_OF[locale] ?? locale]),
  ["add-all-tz.js", "index.js"].map((file) => `node_modules/@formatjs/intl-datetimeformat/${file}`),
);
// The services whose locales ICU lists apart.
const resolved = Object.fromEntries(
  ["Collator", "PluralRules"].map((service) => [
    service,
    Object.fromEntries(tags.map((tag) => [tag, new Intl[service](tag).resolvedOptions().locale])),
  ]),
);
const data = { icu: ICU, tags, resolved, locales, zones, collation: collation(), values };
writeFileSync(process.argv[2], `${JSON.stringify(data)}\n`);
