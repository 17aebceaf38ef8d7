// What answers for `Intl`, in a realm of its own: (parts) => an object of functions. `parts` has FormatJS, the data, and the other
// files of this folder.
//
// `parts.differ(name)` reports the use of what answers differently from Node (prelude.js): docs/sandbox.md lists it.
//
// Scripts never get hold of anything here; surface.js passes strings, numbers and objects without a prototype in, and takes strings
// and lists of parts out. So no builtin that a script replaces is in use here.

(parts) => {
  "use strict";

  const { formatjs, data, differ } = parts;
  const locales = parts.locales(formatjs, data, differ);
  const zones = parts.zones(data.zones, locales.dataOf, differ);
  const dates = parts.dates(locales, zones, differ);
  const numbers = parts.numbers(formatjs, differ);
  const collation = parts.collation(locales, data.collation, differ);
  const PACKAGES = {
    NumberFormat: "numbers",
    RelativeTimeFormat: "relative",
    ListFormat: "lists",
    DisplayNames: "names",
  };
  for (const locale of locales.names) {
    for (const [service, part] of Object.entries(PACKAGES)) {
      formatjs[service].__addLocaleData({ locale, data: locales.dataOf(locale)[part] });
    }
  }

  const ACCEPTED = {
    NumberFormat: { nu: (value) => value === "latn" },
    RelativeTimeFormat: { nu: (value) => value === "latn" },
  };

  const isOther = (value, usual) => value !== undefined && value !== usual;

  function make(service, tags, options, caller) {
    if (
      isOther(options.calendar, "gregory") ||
      isOther(options.numberingSystem, "latn") ||
      isOther(options.collation, "default")
    ) {
      differ("culture");
    }
    if (service === "DateTimeFormat") return dates.make(tags, options);
    if (service === "Collator") return collation.make(tags, options);
    const { locale, data: language } = locales.resolve(tags, service, ACCEPTED[service], {
      nu: options.numberingSystem,
    });
    const given = { ...options, localeMatcher: "lookup", numberingSystem: undefined };
    if (service === "NumberFormat") return { locale, options, ...numbers.make(language, given, caller) };
    if (service === "DisplayNames" && given.style === "narrow") given.style = "short"; // no data are narrower
    return { locale, language, options, formatter: new formatjs[service](language, given) };
  }

  // As Node 20 lists them.
  const RESOLVED = {
    NumberFormat: [
      "locale",
      "numberingSystem",
      "style",
      "currency",
      "currencyDisplay",
      "currencySign",
      "unit",
      "unitDisplay",
      "minimumIntegerDigits",
      "minimumFractionDigits",
      "maximumFractionDigits",
      "minimumSignificantDigits",
      "maximumSignificantDigits",
      "useGrouping",
      "notation",
      "compactDisplay",
      "signDisplay",
      "roundingMode",
      "roundingIncrement",
      "trailingZeroDisplay",
      "roundingPriority",
    ],
    PluralRules: [
      "locale",
      "type",
      "minimumIntegerDigits",
      "minimumFractionDigits",
      "maximumFractionDigits",
      "minimumSignificantDigits",
      "maximumSignificantDigits",
      "pluralCategories",
    ],
  };

  function listed(service, found) {
    if (service === "PluralRules") found.pluralCategories = [...found.pluralCategories].sort();
    const names = RESOLVED[service] ?? Object.keys(found);
    return Object.fromEntries(names.filter((name) => found[name] !== undefined).map((name) => [name, found[name]]));
  }

  // In Spanish "y" becomes "e" before the sound of i, and "o" becomes "u" before that of o.
  const SPANISH = { y: [/^(?:i|hi(?![ae]))/i, "e"], o: [/^(?:h?o|8|11(?![0-9]))/i, "u"] };

  function listParts({ language, formatter }, texts) {
    const parts = formatter.formatToParts(texts);
    const [joint, last] = parts.slice(-2);
    if (language === "es" && last !== undefined && joint.type === "literal") {
      for (const [word, [before, instead]] of Object.entries(SPANISH)) {
        if (before.test(last.value)) joint.value = joint.value.replace(new RegExp(` ${word} $`), ` ${instead} `);
      }
    }
    return parts;
  }

  const hasOddResolution = (service, options) =>
    (service === "DateTimeFormat" && options.dayPeriod !== undefined) ||
    (service === "NumberFormat" && (options.notation === "compact" || options.currencySign === "accounting"));

  function resolved(service, made) {
    if (hasOddResolution(service, made.options)) differ("resolved");
    if (service === "DateTimeFormat") return dates.resolved(made);
    if (service === "Collator") return collation.resolved(made);
    const found = { ...made.formatter.resolvedOptions(), locale: made.locale };
    if (service === "DisplayNames") found.style = made.options.style ?? "long";
    return listed(service, found);
  }

  // What is made on first use, for the locales that most scripts name: every child has it then.
  function warmUp() {
    const now = Date.UTC(2024, 0, 1);
    for (const tag of ["pt-BR", "en-US"]) {
      for (const options of [
        { dateStyle: "short", timeStyle: "short", timeZone: "America/Sao_Paulo" },
        { year: "numeric" },
      ]) {
        dates.parts(make("DateTimeFormat", tag, options), now);
      }
      for (const options of [{}, { style: "currency", currency: "BRL" }, { style: "percent" }]) {
        numbers.text(make("NumberFormat", tag, options), 1234567.891);
      }
      make("PluralRules", tag, {}).formatter.select(1);
      collation.compare(make("Collator", tag, {}), "a", "á");
    }
  }

  return {
    warmUp,
    make,
    resolved,
    canonical: locales.canonical,
    supported: locales.supported,
    date: dates.text,
    dateParts: dates.parts,
    dateRange: dates.rangeParts,
    compare: collation.compare,
    number: numbers.text,
    numberParts: numbers.parts,
    numberRange: numbers.range,
    call: ({ formatter }, method, one, other) => formatter[method](one, other),
    values: (key) => {
      if (!Object.hasOwn(data.values, key)) throw new RangeError(`Invalid key : ${key}`);
      return data.values[key];
    },
    list: (made, texts) =>
      listParts(made, texts)
        .map(({ value }) => value)
        .join(""),
    listParts,
    tags: (tags) => (tags === "" ? [] : tags.split(",")),
    locale: (tag, options) => {
      if (tag.split("-")[0] === "und") differ("und");
      return new formatjs.Locale(tag, options);
    },
    differ,
  };
};
