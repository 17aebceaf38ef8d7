// Questions about languages, numbers, dates, time zones and the order of texts, and what Node answers with TZ=UTC. One pair a line, in
// ASCII; the first line names the Node that answered.
//
//     TZ=UTC node tests/corpus/intl/generate.mjs > tests/corpus/intl/node.jsonl.gz
//
// The same Node gives the same pairs. What is made by chance comes from a seeded generator of its own.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const answer = new Function(`${readFileSync(new URL("answer.js", import.meta.url), "utf8")}; return answer;`)();

let state = 20261127;

function below(end) {
  // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
}

const one = (choices) => choices[below(choices.length)];
const chance = (part) => below(1000) < part * 1000;
const some = (options, part) =>
  Object.fromEntries(
    Object.entries(options)
      .filter(() => chance(part))
      .map(([name, choices]) => [name, one(choices)]),
  );

const LOCALES = ["pt-BR", "pt-BR", "pt", "pt-PT", "en-US", "en-US", "en", "en-GB", "en-CA", "es", "es-ES"];
const WITH_DATES = [...LOCALES, "sv-SE"];
const cases = [];
const ask = (...question) => cases.push(question);

// ---- numbers

const NUMBERS = [
  0,
  "n:-0",
  1,
  -1,
  0.5,
  1.5,
  2.5,
  0.005,
  1.005,
  9.995,
  12,
  99.5,
  999,
  999.5,
  1000,
  1234,
  1234.5,
  -1234.56,
  9999.995,
  12345,
  99999,
  123456.789,
  999999,
  1e6,
  1234567.891,
  1.5e7,
  1e9,
  2.5e9,
  1e12,
  1.23e15,
  9007199254740991,
  1e21,
  1.5e-7,
  0.1,
  0.07,
  "n:NaN",
  "n:Infinity",
  "n:-Infinity",
  "b:0",
  "b:1234",
  "b:-98765432109876543210",
];
const aNumber = () =>
  chance(0.6) ? one(NUMBERS) : Number(((below(2e9) - 1e9) / 10 ** below(7)).toPrecision(1 + below(10)));
const CURRENCIES = ["BRL", "BRL", "USD", "EUR", "GBP", "JPY", "ARS", "CLP", "CAD", "MXN", "CHF", "BTC"];
const UNITS = [
  "kilometer",
  "kilogram",
  "liter",
  "celsius",
  "percent",
  "day",
  "hour",
  "byte",
  "megabyte",
  "kilometer-per-hour",
];

function aStyle() {
  switch (below(6)) {
    case 0:
    case 1:
      return {
        style: "currency",
        currency: one(CURRENCIES),
        ...some({ currencyDisplay: ["symbol", "narrowSymbol", "code", "name"], currencySign: ["accounting"] }, 0.3),
      };
    case 2:
      return { style: "percent" };
    case 3:
      return { style: "unit", unit: one(UNITS), ...some({ unitDisplay: ["short", "narrow", "long"] }, 0.6) };
    default:
      return {};
  }
}

function digits() {
  const [least, most] = [below(4), below(4)].sort((a, b) => a - b);
  switch (below(6)) {
    case 0:
      return { minimumFractionDigits: least, maximumFractionDigits: most };
    case 1:
      return { maximumFractionDigits: most };
    case 2:
      return { minimumFractionDigits: least };
    case 3:
      return { maximumSignificantDigits: 1 + most };
    case 4:
      return { minimumIntegerDigits: 1 + least };
    default:
      return {};
  }
}

const numberOptions = () => ({
  ...aStyle(),
  ...digits(),
  ...some(
    {
      notation: ["compact", "compact", "scientific", "engineering", "standard"],
      compactDisplay: ["short", "long"],
      signDisplay: ["always", "never", "exceptZero", "negative", "auto"],
      useGrouping: [true, false, "always", "min2", "auto"],
    },
    0.15,
  ),
  ...some(
    {
      roundingMode: ["ceil", "floor", "trunc", "halfEven", "halfExpand", "expand"],
      trailingZeroDisplay: ["stripIfInteger"],
    },
    0.05,
  ),
});

for (let i = 0; i < 1800; i++) ask("number", one(LOCALES), chance(0.2) ? null : numberOptions(), aNumber());
for (const locale of new Set(LOCALES)) {
  for (const value of NUMBERS) {
    ask("number", locale, null, value);
    ask("number", locale, { style: "currency", currency: "BRL" }, value);
    ask("number", locale, { notation: "compact" }, value);
  }
}
for (let i = 0; i < 400; i++) ask("numberParts", one(LOCALES), numberOptions(), aNumber());
for (const text of [
  "123456789012345678901234567890.125",
  "-0.10000000000000000001",
  "1e3",
  "x",
  " 12 ",
  "0x10",
  "12345678901234567",
]) {
  for (const locale of ["pt-BR", "en-US"]) ask("decimal", locale, { maximumFractionDigits: 20 }, text);
}
for (let i = 0; i < 60; i++) {
  const value = aNumber();
  if (typeof value === "number") ask("numberRange", one(LOCALES), { ...aStyle() }, value, value + below(100));
}

// ---- dates

const ZONES = [
  null,
  null,
  "UTC",
  "America/Sao_Paulo",
  "America/Sao_Paulo",
  "America/Sao_Paulo",
  "America/Manaus",
  "America/Noronha",
  "Brazil/East",
  "America/New_York",
  "America/Los_Angeles",
  "America/Toronto",
  "Europe/Lisbon",
  "Europe/London",
  "Europe/Madrid",
  "Asia/Kolkata",
  "Asia/Tokyo",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Etc/GMT+3",
  "america/sao_paulo",
  "Pacific/Apia",
  "Africa/Casablanca",
];
const TIMES = [
  0,
  -1,
  Date.UTC(2024, 2, 16, 1, 30),
  Date.UTC(2024, 1, 29, 12),
  Date.UTC(2018, 10, 4, 2, 30),
  Date.UTC(2018, 10, 4, 3),
  Date.UTC(2019, 1, 17, 1, 59, 59),
  Date.UTC(2019, 1, 17, 2),
  Date.UTC(2023, 11, 31, 23, 59, 59, 999),
  Date.UTC(2024, 0, 1, 3),
  Date.UTC(1985, 10, 2, 3),
  Date.UTC(1950, 0, 1, 12),
  Date.UTC(1914, 0, 1),
  Date.UTC(1900, 0, 1),
  Date.UTC(1883, 10, 18, 17),
  Date.UTC(2038, 0, 19, 3, 14, 8),
  Date.UTC(2050, 6, 1),
  Date.UTC(2077, 3, 4, 5),
  Date.UTC(2099, 11, 31),
  Date.UTC(1582, 9, 10),
  Date.UTC(2024, 2, 10, 6, 59, 59),
  Date.UTC(2024, 2, 10, 7),
  Date.UTC(2011, 11, 30, 12),
  -62198755200000,
  Date.UTC(2024, 5, 1, 12),
  Date.UTC(2024, 5, 1, 12, 30),
  Date.UTC(2024, 5, 1, 0, 5),
  Date.UTC(9999, 11, 31),
];
const aTime = () =>
  chance(0.4)
    ? one(TIMES)
    : Date.UTC(1970 + below(75), below(12), 1 + below(31), below(24), below(60), below(60), below(1000));
const zoned = (options) => {
  const timeZone = one(ZONES);
  return timeZone === null ? options : { ...options, timeZone };
};
const CLOCK = { hour12: [true, false], hourCycle: ["h11", "h12", "h23", "h24"] };
const DATE = {
  weekday: ["long", "short", "narrow"],
  year: ["numeric", "numeric", "2-digit"],
  month: ["numeric", "2-digit", "long", "short", "narrow"],
  day: ["numeric", "2-digit"],
};
const TIME = { hour: ["numeric", "2-digit"], minute: ["numeric", "2-digit"], second: ["numeric", "2-digit"] };
const RARE = {
  era: ["short", "long", "narrow"],
  dayPeriod: ["short", "long", "narrow"],
  fractionalSecondDigits: [1, 2, 3],
  timeZoneName: ["short", "long", "shortOffset", "longOffset"],
};
const STYLES = { dateStyle: ["full", "long", "medium", "short"], timeStyle: ["full", "long", "medium", "short"] };

function fields() {
  const options = {};
  if (chance(0.75)) Object.assign(options, some(DATE, 0.6));
  if (chance(0.5)) {
    Object.assign(options, { hour: one(TIME.hour) }, chance(0.8) ? { minute: one(TIME.minute) } : {});
    if (options.minute && chance(0.5)) options.second = one(TIME.second);
    if (options.second && chance(0.2)) options.fractionalSecondDigits = 1 + below(3);
  }
  return { ...options, ...some(RARE, 0.03), ...some(CLOCK, 0.12) };
}

function dateOptions() {
  if (chance(0.1)) return null;
  if (chance(0.25)) return zoned({ ...some(STYLES, 0.75), ...some(CLOCK, 0.1) });
  return zoned(fields());
}

const METHODS = ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"];
for (const locale of new Set(WITH_DATES)) {
  for (const method of METHODS) {
    for (const time of TIMES) ask("date", method, locale, zoned({}), time);
    ask("date", method, locale, null, TIMES[2]);
  }
  for (const dateStyle of [undefined, ...STYLES.dateStyle]) {
    for (const timeStyle of [undefined, ...STYLES.timeStyle])
      ask("dateFormat", locale, { dateStyle, timeStyle, timeZone: "America/Sao_Paulo" }, aTime());
  }
}
for (let i = 0; i < 2800; i++) ask("dateFormat", one(WITH_DATES), dateOptions(), aTime());
for (let i = 0; i < 600; i++) ask("date", one(METHODS), one(WITH_DATES), dateOptions(), aTime());
for (let i = 0; i < 400; i++) ask("dateParts", one(WITH_DATES), dateOptions(), aTime());
for (let i = 0; i < 900; i++) {
  const [start, options] = [aTime(), dateOptions()];
  const end =
    start +
    one([0, 1000, 60000, 3600000, 4 * 3600000, 12 * 3600000, 86400000, 3 * 86400000, 40 * 86400000, 400 * 86400000]);
  ask(chance(0.8) ? "dateRange" : "dateRangeParts", one(WITH_DATES), options, start, end);
}
for (const zone of Intl.supportedValuesOf("timeZone")) {
  for (let i = 0; i < 2; i++)
    ask(
      "dateFormat",
      one(["pt-BR", "en-US"]),
      { timeZone: zone, dateStyle: "short", timeStyle: one(["full", "long"]) },
      aTime(),
    );
  ask(
    "dateFormat",
    "en-CA",
    { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" },
    one(TIMES.slice(0, 20)),
  );
}

// ---- the order of texts

const WORDS = [
  "",
  "a",
  "A",
  "á",
  "Á",
  "à",
  "ã",
  "ä",
  "aa",
  "ab",
  "Ab",
  "aB",
  "abc",
  "cote",
  "coté",
  "côte",
  "côté",
  "co-op",
  "coop",
  "co op",
  "Coop",
  "ñ",
  "n",
  "nz",
  "Ñandú",
  "nandu",
  "o",
  "z",
  "Z",
  "é",
  "e",
  "f",
  "10",
  "9",
  "2",
  "02",
  "a10",
  "a9",
  "a 1",
  "a_1",
  "a-1",
  "a.1",
  "São Paulo",
  "Sao Paulo",
  "são paulo",
  "SÃO PAULO",
  "Santos",
  "Sant'Ana",
  "Sant’Ana",
  "ç",
  "c",
  "d",
  "R$ 10",
  "€5",
  "$5",
  "1,5",
  "1.5",
  "%",
  "ß",
  "ss",
  "æ",
  "ae",
  "œ",
  "Øre",
  "ore",
  "łódź",
  "lodz",
  "Ação",
  "acao",
  "Acão",
  "açaí",
  "Zé",
  "ze",
  "#1",
  "@x",
  "(a)",
  "a/b",
  "\u00a0a",
  " a",
  "\ta",
  "a\u0301",
  "naïve",
  "naive",
  "resume",
  "résumé",
  "Résumé",
  "item-10",
  "item-9",
  "v1.10",
  "v1.9",
  "日本",
  "Ω",
  "Ж",
  "😀",
  "ª",
  "º",
  "½",
  "²",
  "…",
  "—",
  "–",
  "-",
  "\u00ad",
  "İ",
  "ı",
];
const COLLATION = {
  sensitivity: ["base", "accent", "case", "variant"],
  numeric: [true, false],
  ignorePunctuation: [true],
  caseFirst: ["upper", "lower", "false"],
};
const LETTERS = [..."aáAbcçñn zZ-_.'19é", "\u0301"];
const aWord = () => (chance(0.6) ? one(WORDS) : Array.from({ length: below(6) }, () => one(LETTERS)).join(""));
const ORDERED = LOCALES;
for (let i = 0; i < 3000; i++)
  ask("compare", chance(0.2) ? null : one(ORDERED), chance(0.5) ? null : some(COLLATION, 0.4), aWord(), aWord());
for (const locale of new Set(ORDERED))
  (ask("sort", locale, null, WORDS), ask("sort", locale, { numeric: true, sensitivity: "base" }, WORDS));

// ---- the others

for (const locale of new Set(LOCALES)) {
  for (const number of [0, 1, 1.5, 2, 3, 4, 11, 12, 13, 21, 22, 100, 1000000, 2000000, 1e9, 1.0, 0.5, -1]) {
    for (const type of ["cardinal", "ordinal"]) ask("plural", locale, { type }, number);
    for (const unit of ["year", "quarter", "months", "week", "day", "hour", "minutes", "second"]) {
      ask(
        "relative",
        locale,
        some({ numeric: ["auto", "always"], style: ["long", "short", "narrow"] }, 0.6),
        one([number, -number]),
        unit,
      );
    }
  }
  for (const type of ["conjunction", "disjunction", "unit"]) {
    for (const style of ["long", "short", "narrow"]) {
      for (const texts of [[], ["a"], ["a", "b"], ["a", "b", "c", "d"], ["i", "hijo"], ["oro", "ocho"]])
        ask("list", locale, { type, style }, texts);
    }
  }
  for (const [type, codes] of Object.entries({
    region: ["BR", "US", "PT", "ES", "DE", "419", "XX"],
    language: ["pt", "pt-BR", "en", "en-GB", "es-MX", "fr", "zh-Hant", "xx"],
    currency: ["BRL", "USD", "EUR", "XXX", "QQQ"],
    script: ["Latn", "Cyrl", "Arab"],
  })) {
    for (const code of codes)
      ask(
        "name",
        locale,
        { type, ...some({ style: ["short", "narrow", "long"], fallback: ["code", "none"] }, 0.4) },
        code,
      );
  }
  for (const service of [
    "DateTimeFormat",
    "NumberFormat",
    "Collator",
    "PluralRules",
    "RelativeTimeFormat",
    "ListFormat",
  ]) {
    ask("resolved", service, locale, null);
    ask("supported", service, locale);
  }
  for (let i = 0; i < 10; i++)
    (ask("resolved", "DateTimeFormat", locale, dateOptions()),
      ask("resolved", "NumberFormat", locale, numberOptions()));
}
for (const tag of [
  "pt-br",
  "PT",
  "en-us",
  "zh-hant-tw",
  "iw",
  "pt-BR-u-hc-h12",
  "en-US-u-nu-latn",
  "x",
  "pt_BR",
  "",
  "pt-BR-",
  "en-GB-oed",
  "i-klingon",
  "a-b",
  "en-u-ca-gregory-hc-h23",
  "sr-Latn",
  "pt-Latn-BR",
  "und",
]) {
  ask("canonical", tag);
  ask("locale", tag, null);
  ask("resolved", "DateTimeFormat", tag, { hour: "numeric" });
}
for (const tags of [["xx", "pt-BR"], ["pt-BR", "pt-BR"], [], ["pt-BR", 5], null, "tlh"])
  (ask("canonical", tags), ask("number", tags, null, 1234.5));
ask("array", "pt-BR", { style: "currency", currency: "BRL" }, [1234.5, null, "b:7", "x", [1, [2000]]]);
ask("array", null, null, [1234.5, 0, true]);
for (const text of ["ação", "ÉÇÑ", "straße", "ﬁ", "İ"])
  (ask("upper", text, "pt-BR"), ask("upper", text, null), ask("forms", text));

// ---- mistakes

for (const options of [
  { style: "currency" },
  { style: "currency", currency: "R$" },
  { style: "unit" },
  { style: "unit", unit: "inch-of-mercury" },
  { style: "x" },
  { maximumFractionDigits: 101 },
  { maximumFractionDigits: -1 },
  { minimumFractionDigits: 3, maximumFractionDigits: 2 },
  { minimumIntegerDigits: 0 },
  { maximumSignificantDigits: 22 },
  { minimumSignificantDigits: 5, maximumSignificantDigits: 2 },
  { notation: "x" },
  { useGrouping: "x" },
  { roundingIncrement: 3 },
  { signDisplay: 1 },
  { currencyDisplay: "x" },
  { roundingMode: "x" },
])
  ask("number", "pt-BR", options, 1234.5);
for (const options of [
  { timeZone: "Mars/Phobos" },
  { timeZone: "" },
  { timeZone: "-03:00" },
  { timeZone: "America/São_Paulo" },
  { month: "x" },
  { dateStyle: "x" },
  { weekday: 1 },
  { dateStyle: "full", month: "long" },
  { timeStyle: "short", hour: "numeric" },
  { fractionalSecondDigits: 4 },
  { hourCycle: "h25" },
  { timeStyle: "short" },
  { dateStyle: "short" },
  { era: "short" },
  { dayPeriod: "long" },
  { fractionalSecondDigits: 2 },
  { timeZoneName: "short" },
  { hour12: "yes", hour: "numeric" },
])
  for (const method of METHODS) ask("date", method, "pt-BR", options, TIMES[2]);
for (const time of ["x", 9e15, "n:NaN"])
  (ask("dateFormat", "pt-BR", null, time), ask("date", "toLocaleString", "pt-BR", null, time));
for (const options of [{ sensitivity: "x" }, { usage: "x" }, { caseFirst: "x" }])
  ask("compare", "pt-BR", options, "a", "b");

const distinct = [...new Map(cases.map((asked) => [JSON.stringify(asked), asked])).values()];
const ascii = (value) =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const lines = [
  process.version,
  ...distinct.map((asked) => [asked, answer(JSON.parse(JSON.stringify(asked))) ?? null]),
].map(ascii);
process.stdout.write(gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
