// What a case asks of `Intl`, as Node and the sandbox both evaluate it: (case) => a value that JSON can hold.
//
// A case is [question, ...arguments]; numbers that JSON does not have are texts such as "n:NaN", and "b:5" is a BigInt.

const valueOf = (given) => {
  if (typeof given !== "string") return given;
  if (given.startsWith("n:")) return Number(given.slice(2));
  return given.startsWith("b:") ? BigInt(given.slice(2)) : given;
};

const QUESTIONS = {
  number: (tags, options, value) => valueOf(value).toLocaleString(tags, options),
  decimal: (tags, options, value) => new Intl.NumberFormat(tags, options).format(value),
  numberParts: (tags, options, value) => new Intl.NumberFormat(tags, options).formatToParts(valueOf(value)),
  numberRange: (tags, options, one, other) => new Intl.NumberFormat(tags, options).formatRange(one, other),
  date: (method, tags, options, time) => new Date(time)[method](tags, options),
  dateFormat: (tags, options, time) => new Intl.DateTimeFormat(tags, options).format(time),
  dateParts: (tags, options, time) => new Intl.DateTimeFormat(tags, options).formatToParts(time),
  dateRange: (tags, options, one, other) => new Intl.DateTimeFormat(tags, options).formatRange(one, other),
  dateRangeParts: (tags, options, one, other) => new Intl.DateTimeFormat(tags, options).formatRangeToParts(one, other),
  resolved: (service, tags, options) => new Intl[service](tags, options).resolvedOptions(),
  supported: (service, tags) => Intl[service].supportedLocalesOf(tags),
  compare: (tags, options, one, other) => one.localeCompare(other, tags, options),
  sort: (tags, options, texts) => [...texts].sort(new Intl.Collator(tags, options).compare),
  plural: (tags, options, number) => new Intl.PluralRules(tags, options).select(number),
  relative: (tags, options, number, unit) => new Intl.RelativeTimeFormat(tags, options).format(number, unit),
  list: (tags, options, texts) => new Intl.ListFormat(tags, options).format(texts),
  name: (tags, options, code) => new Intl.DisplayNames(tags, options).of(code),
  canonical: (tags) => Intl.getCanonicalLocales(tags),
  locale: (tag, options) => {
    const locale = new Intl.Locale(tag, options);
    const members = ["baseName", "language", "script", "region", "calendar", "hourCycle", "numeric", "numberingSystem"];
    return [locale, locale.maximize(), locale.minimize()]
      .map(String)
      .concat(members.map((name) => String(locale[name])));
  },
  array: (tags, options, values) => values.map(valueOf).toLocaleString(tags, options),
  upper: (text, tag) => [text.toLocaleUpperCase(tag), text.toLocaleLowerCase(tag)],
  forms: (text) => ["NFC", "NFD", "NFKC", "NFKD"].map((form) => text.normalize(form)),
};

const answer = ([question, ...given]) => {
  try {
    return QUESTIONS[question](...given.map((one) => one ?? undefined));
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};
