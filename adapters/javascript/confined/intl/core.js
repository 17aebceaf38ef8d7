// What answers for `Intl`, in a realm of its own: (formatjs, parts, data) => an object of functions.
//
// Scripts never get hold of anything here; surface.js passes strings, numbers and objects without a prototype in, and takes strings
// and lists of parts out. So no builtin that a script replaces is in use here.

(formatjs, parts, data) => {
  "use strict";

  const locales = parts.locales(formatjs, data);
  const zones = parts.zones(data.zones, locales.dataOf);
  const dates = parts.dates(locales, zones);
  const collation = parts.collation(locales, data.collation);
  const PACKAGES = { NumberFormat: "numbers", RelativeTimeFormat: "relative", ListFormat: "lists", DisplayNames: "names" };
  for (const locale of locales.names) {
    for (const [service, part] of Object.entries(PACKAGES)) {
      formatjs[service].__addLocaleData({ locale, data: locales.dataOf(locale)[part] });
    }
  }

  const ACCEPTED = { NumberFormat: { nu: (value) => value === "latn" }, RelativeTimeFormat: { nu: (value) => value === "latn" } };

  function make(service, tags, options) {
    if (service === "DateTimeFormat") return dates.make(tags, options);
    if (service === "Collator") return collation.make(tags, options);
    const { locale, data: language } = locales.resolve(tags, service, ACCEPTED[service], { nu: options.numberingSystem });
    options.localeMatcher = "lookup";
    delete options.numberingSystem;
    return { locale, formatter: new formatjs[service](language, options) };
  }

  function resolved(service, made) {
    if (service === "DateTimeFormat") return dates.resolved(made);
    if (service === "Collator") return collation.resolved(made);
    return { ...made.formatter.resolvedOptions(), locale: made.locale };
  }

  return {
    make, resolved, canonical: locales.canonical, supported: locales.supported,
    date: dates.text, dateParts: dates.parts, dateRange: dates.rangeParts, compare: collation.compare,
    call: ({ formatter }, method, one, other) => formatter[method](one, other),
    values: (key) => {
      if (!Object.hasOwn(data.values, key)) throw new RangeError(`Invalid key : ${key}`);
      return data.values[key];
    },
    listed: (tags) => (tags === "" ? [] : tags.split(",")),
    locale: (tag, options) => new formatjs.Locale(tag, options),
  };
}
