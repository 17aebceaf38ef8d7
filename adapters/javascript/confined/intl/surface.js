// `Intl` and the methods that depend on it, as scripts find them: (core) => nothing.
//
// Evaluated in the scripts' realm before any of them. All that is needed later is taken now, and lists are filled by definition,
// for the reasons that prelude.js gives.

(core) => {
  "use strict";

  const { defineProperty } = Object;
  const { apply, construct } = Reflect;
  const { now } = Date;
  const { iterator, toPrimitive, toStringTag } = Symbol;
  const uncurried = Function.prototype.bind.bind(Function.prototype.call);
  const getTime = uncurried(Date.prototype.getTime);
  const [recall, keep] = [uncurried(WeakMap.prototype.get), uncurried(WeakMap.prototype.set)];
  const [find, add, clear] = [Map.prototype.get, Map.prototype.set, Map.prototype.clear].map((method) => uncurried(method));
  const thisNumber = uncurried(Number.prototype.valueOf);
  const thisBigInt = uncurried(BigInt.prototype.valueOf);
  const ERRORS = { __proto__: null, RangeError, SyntaxError, TypeError, InternalError: RangeError };
  const NativeArray = Array;
  const NativeObject = Object;
  const NativeString = String;
  const NativeNumber = Number;
  const NativeBoolean = Boolean;
  const NativeTypeError = TypeError;
  const NativeRangeError = RangeError;
  const NOTHING = [];
  const NUMBER_HINT = ["number"];

  function asked(question, a, b, c, d) {
    try {
      return question(a, b, c, d);
    } catch (error) {
      const Own = ERRORS[error.name] ?? NativeRangeError;
      throw new Own(error.message);
    }
  }

  const hidden = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });
  const own = (value) => ({ __proto__: null, value, writable: true, enumerable: true, configurable: true });

  function listOf(values, made = (value) => value) {
    const list = new NativeArray();
    for (let i = 0; i < values.length; i++) defineProperty(list, i, own(made(values[i])));
    return list;
  }

  function recordOf(values) {
    const record = {};
    for (const name in values) {
      const value = values[name];
      defineProperty(record, name, own(typeof value === "object" ? listOf(value) : value));
    }
    return record;
  }

  // ---- locales, as canonical tags between commas

  const locales = new WeakMap();

  function tagOf(value) {
    if (typeof value !== "string" && (typeof value !== "object" || value === null)) {
      throw new NativeTypeError("Language ID should be string or object.");
    }
    const locale = typeof value === "object" ? recall(locales, value) : undefined;
    return locale === undefined ? asked(core.canonical, NativeString(value)) : locale.toString();
  }

  function tagsOf(value) {
    if (value === undefined) return "";
    if (typeof value === "string" || (typeof value === "object" && value !== null && recall(locales, value) !== undefined)) {
      return tagOf(value);
    }
    const list = toObject(value);
    let tags = "";
    const { length } = list;
    for (let i = 0; i < length; i++) {
      if (!(i in list)) continue;
      const tag = tagOf(list[i]);
      if (!isAmong(tag, tags)) tags += (tags === "" ? "" : ",") + tag;
    }
    return tags;
  }

  function isAmong(tag, tags) {
    let start = 0;
    for (let i = 0; i <= tags.length; i++) {
      if (i < tags.length && tags[i] !== ",") continue;
      let at = 0;
      while (at < tag.length && tags[start + at] === tag[at]) at++;
      if (at === tag.length && start + at === i) return true;
      start = i + 1;
    }
    return false;
  }

  function toObject(value) {
    if (value === null || value === undefined) throw new NativeTypeError("Cannot convert undefined or null to object");
    return NativeObject(value);
  }

  // ---- options, read once and in the order of the standard

  const string = (name, ...values) => ({ __proto__: null, name, type: "string", values });
  const number = (name, least, most) => ({ __proto__: null, name, type: "number", least, most });
  const boolean = (name) => ({ __proto__: null, name, type: "boolean" });
  const MATCHER = string("localeMatcher", "lookup", "best fit");
  const NUMBERING = string("numberingSystem");
  const DIGITS = [
    number("minimumIntegerDigits", 1, 21), number("minimumFractionDigits", 0, 100), number("maximumFractionDigits", 0, 100),
    number("minimumSignificantDigits", 1, 21), number("maximumSignificantDigits", 1, 21),
  ];
  const ROUNDING = [
    number("roundingIncrement", 1, 5000),
    string("roundingMode", "ceil", "floor", "expand", "trunc", "halfCeil", "halfFloor", "halfExpand", "halfTrunc", "halfEven"),
    string("roundingPriority", "auto", "morePrecision", "lessPrecision"),
    string("trailingZeroDisplay", "auto", "stripIfInteger"),
  ];
  const TEXT = ["narrow", "short", "long"];
  const NUMERIC = ["2-digit", "numeric"];
  const STYLES = ["full", "long", "medium", "short"];
  const OPTIONS = {
    __proto__: null,
    DateTimeFormat: [
      MATCHER, string("calendar"), NUMBERING, boolean("hour12"), string("hourCycle", "h11", "h12", "h23", "h24"),
      string("timeZone"), string("weekday", ...TEXT), string("era", ...TEXT), string("year", ...NUMERIC),
      string("month", ...NUMERIC, ...TEXT), string("day", ...NUMERIC), string("dayPeriod", ...TEXT), string("hour", ...NUMERIC),
      string("minute", ...NUMERIC), string("second", ...NUMERIC), number("fractionalSecondDigits", 1, 3),
      string("timeZoneName", "short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"),
      string("formatMatcher", "basic", "best fit"), string("dateStyle", ...STYLES), string("timeStyle", ...STYLES),
    ],
    NumberFormat: [
      MATCHER, NUMBERING, string("style", "decimal", "percent", "currency", "unit"), string("currency"),
      string("currencyDisplay", "code", "symbol", "name", "narrowSymbol"), string("currencySign", "standard", "accounting"),
      string("unit"), string("unitDisplay", "short", "narrow", "long"),
      string("notation", "standard", "scientific", "engineering", "compact"), ...DIGITS, ...ROUNDING,
      string("compactDisplay", "short", "long"), { __proto__: null, name: "useGrouping", type: "grouping" },
      string("signDisplay", "auto", "never", "always", "exceptZero", "negative"),
    ],
    PluralRules: [MATCHER, string("type", "cardinal", "ordinal"), ...DIGITS, ...ROUNDING],
    RelativeTimeFormat: [MATCHER, NUMBERING, string("style", "long", "short", "narrow"), string("numeric", "always", "auto")],
    ListFormat: [MATCHER, string("type", "conjunction", "disjunction", "unit"), string("style", "long", "short", "narrow")],
    DisplayNames: [
      MATCHER, string("style", "narrow", "short", "long"),
      string("type", "language", "region", "script", "currency", "calendar", "dateTimeField"),
      string("fallback", "code", "none"), string("languageDisplay", "dialect", "standard"),
    ],
    Collator: [
      string("usage", "sort", "search"), MATCHER, string("collation"), boolean("numeric"),
      string("caseFirst", "upper", "lower", "false"), string("sensitivity", "base", "accent", "case", "variant"),
      boolean("ignorePunctuation"),
    ],
    Locale: [
      string("language"), string("script"), string("region"), string("calendar"), string("collation"),
      string("hourCycle", "h11", "h12", "h23", "h24"), string("caseFirst", "upper", "lower", "false"), boolean("numeric"), NUMBERING,
    ],
  };
  const LEGACY = { __proto__: null, DateTimeFormat: true, NumberFormat: true, Collator: true, PluralRules: true, Locale: true };

  function converted(value, { name, type, values, least, most }, caller) {
    if (type === "boolean") return NativeBoolean(value);
    if (type === "number") {
      const given = NativeNumber(value);
      if (!(given >= least && given <= most)) throw new NativeRangeError(name + " value is out of range.");
      return given - given % 1;
    }
    if (type === "grouping" && typeof value === "boolean") return value;
    const text = typeof value === "string" ? value : NativeString(value);
    if (type === "grouping") return text;
    for (let i = 0; i < values.length; i++) if (values[i] === text) return text;
    if (values.length === 0) return text;
    throw new NativeRangeError("Value " + text + " out of range for " + caller + " options property " + name);
  }

  // The options that are given, and a text that names them.
  function read(service, options, caller, forbidden) {
    const found = { __proto__: null };
    let key = "";
    if (options !== undefined) {
      const holder = LEGACY[service] ? toObject(options) : options;
      if (typeof holder !== "object" && typeof holder !== "function" || holder === null) {
        throw new NativeTypeError("Incorrect options object provided");
      }
      const all = OPTIONS[service];
      for (let i = 0; i < all.length; i++) {
        const { name } = all[i];
        const value = holder[name];
        if (value === undefined) continue;
        if (name === forbidden) throw new NativeTypeError("Invalid option : " + name);
        found[name] = converted(value, all[i], caller);
        key += name + "=" + found[name] + typeof found[name] + ";";
      }
    }
    return { __proto__: null, found, key };
  }

  // ---- what the options of dates have to say, or else are given

  const DATE = ["weekday", "year", "month", "day"];
  const TIME = ["dayPeriod", "hour", "minute", "second", "fractionalSecondDigits"];
  const ALL = [...DATE, "era", ...TIME, "timeZoneName"];
  const [DATE_DEFAULTS, TIME_DEFAULTS] = [["year", "month", "day"], ["hour", "minute", "second"]];

  const hasAny = (options, names) => {
    for (let i = 0; i < names.length; i++) if (options[names[i]] !== undefined) return true;
    return false;
  };
  const setAll = (options, names) => {
    for (let i = 0; i < names.length; i++) options[names[i]] = "numeric";
  };

  function completed(options, required, defaults) {
    const { dateStyle, timeStyle } = options;
    if (dateStyle !== undefined || timeStyle !== undefined) {
      for (let i = 0; i < ALL.length; i++) {
        if (options[ALL[i]] === undefined) continue;
        throw new NativeTypeError("Can't set option " + ALL[i] + " when " + (dateStyle ? "dateStyle" : "timeStyle") + " is used");
      }
    } else if (!(required !== "time" && hasAny(options, DATE)) && !(required !== "date" && hasAny(options, TIME))) {
      if (defaults !== "time") setAll(options, DATE_DEFAULTS);
      if (defaults !== "date") setAll(options, TIME_DEFAULTS);
    }
    return options;
  }

  // ---- formatters, of which the last few are kept: a script that calls `toLocaleString` a thousand times makes one

  const CONSTRUCTED = { __proto__: null, caller: undefined, required: "any", defaults: "date" };
  const MOST_KEPT = 200;
  const kept = new Map();
  let count = 0;

  function made(service, tags, options, { caller, required, defaults } = CONSTRUCTED) {
    const forbidden = required === "date" ? "timeStyle" : required === "time" ? "dateStyle" : undefined;
    const { found, key } = read(service, options, caller ?? "Intl." + service, forbidden);
    const name = service + required + defaults + tags + ";" + key;
    let formatter = find(kept, name);
    if (formatter === undefined) {
      if (service === "DateTimeFormat") completed(found, required, defaults);
      if (service === "NumberFormat") checkNumber(found, caller ?? "Intl.NumberFormat");
      formatter = asked(core.make, service, tags, found, caller ?? "Intl." + service);
      if (count++ === MOST_KEPT) {
        clear(kept);
        count = 1;
      }
      add(kept, name, formatter);
    }
    return formatter;
  }

  function checkNumber({ style, currency, unit, useGrouping, minimumFractionDigits: least, maximumFractionDigits: most }, caller) {
    if (style === "currency" && currency === undefined) throw new NativeTypeError("Currency code is required with currency style.");
    if (currency !== undefined && !isCurrency(currency)) throw new NativeRangeError("Invalid currency code : " + currency);
    if (style === "unit" && unit === undefined) throw new NativeTypeError("Invalid unit argument for " + caller + "() ''");
    if (typeof useGrouping === "string" && !GROUPINGS[useGrouping]) {
      throw new NativeRangeError("Value " + useGrouping + " out of range for " + caller + " options property useGrouping");
    }
    if (least > most) throw new NativeRangeError("maximumFractionDigits value is out of range.");
  }

  const GROUPINGS = { __proto__: null, min2: true, auto: true, always: true, true: true, false: true };

  function isCurrency(code) {
    for (let i = 0; i < code.length; i++) if (!(code[i] >= "A" && code[i] <= "Z") && !(code[i] >= "a" && code[i] <= "z")) return false;
    return code.length === 3;
  }

  // ---- constructors

  const Intl = {};
  const records = new WeakMap();

  function recordIn(value, service) {
    const record = typeof value === "object" && value !== null ? recall(records, value) : undefined;
    if (record === undefined || record.service !== service) {
      throw new NativeTypeError("Method Intl." + service + ".prototype method called on incompatible receiver");
    }
    return record;
  }

  function keepRecord(holder, service, formatter) {
    keep(records, holder, { __proto__: null, service, formatter, bound: undefined });
    return holder;
  }

  function publish(service, Service, methods, getters) {
    const { prototype } = Service;
    defineProperty(Service, "prototype", { __proto__: null, writable: false });
    defineProperty(Service, "length", { __proto__: null, value: service === "DisplayNames" ? 2 : service === "Locale" ? 1 : 0 });
    if (service !== "Locale") {
      defineProperty(Service, "supportedLocalesOf", hidden({
        supportedLocalesOf(tags, options) {
          if (options !== undefined) read("Supported", options, "Intl." + service);
          return listOf(asked(core.supported, tagsOf(tags)));
        },
      }.supportedLocalesOf));
      defineProperty(Service.supportedLocalesOf, "length", { __proto__: null, value: 1 });
      defineProperty(prototype, "resolvedOptions", hidden({
        resolvedOptions() { return recordOf(asked(core.resolved, service, recordIn(this, service).formatter)); },
      }.resolvedOptions));
    }
    for (const name in methods) defineProperty(prototype, name, hidden(methods[name]));
    for (const name in getters) {
      const { get } = Object.getOwnPropertyDescriptor(getters, name);
      defineProperty(prototype, name, { __proto__: null, get, set: undefined, enumerable: false, configurable: true });
    }
    defineProperty(prototype, toStringTag, { __proto__: null, value: "Intl." + service, configurable: true });
    defineProperty(Intl, service, hidden(Service));
  }
  OPTIONS.Supported = [MATCHER];

  const callable = (service) => ({
    [service]: function (tags, options) {
      const holder = new.target === undefined ? construct(NativeObject, NOTHING, Intl[service]) : this;
      return keepRecord(holder, service, made(service, tagsOf(tags), options));
    },
  })[service];
  const constructed = (service) => ({
    [service]: function (tags, options) {
      if (new.target === undefined) throw new NativeTypeError("Constructor Intl." + service + " requires 'new'");
      if (service === "DisplayNames" && options === undefined) throw new NativeTypeError("Cannot convert undefined or null to object");
      return keepRecord(this, service, made(service, tagsOf(tags), options));
    },
  })[service];

  // A getter of a function that stays bound to its formatter.
  const bound = (service, name, make) => Object.getOwnPropertyDescriptor({
    get [name]() {
      const record = recordIn(this, service);
      if (record.bound === undefined) {
        record.bound = make(record.formatter);
        defineProperty(record.bound, "name", { __proto__: null, value: "" });
      }
      return record.bound;
    },
  }, name);
  const getters = (...all) => Object.defineProperties({}, Object.fromEntries(all));

  const shownPart = ({ type, value, source, unit }) => {
    const part = { type, value };
    if (source !== undefined) part.source = source;
    if (unit !== undefined) part.unit = unit;
    return part;
  };
  const sharedPart = ({ type, value, source }) => ({ type, value, source });
  const plainPart = ({ type, value }) => ({ type, value });

  // ---- numbers

  function numeric(value) {
    const primitive = typeof value === "object" && value !== null || typeof value === "function" ? primitiveOf(value) : value;
    if (typeof primitive === "bigint" || typeof primitive === "number") return primitive;
    return typeof primitive === "string" ? decimalOf(primitive) : NativeNumber(primitive);
  }

  // A decimal keeps all of its digits.
  function decimalOf(text) {
    const given = NativeNumber(text);
    return given !== given || given === 0 || text.length <= 15 ? given : text;
  }

  function primitiveOf(value) {
    const convert = value[toPrimitive];
    if (convert !== undefined && convert !== null) {
      const primitive = apply(convert, value, NUMBER_HINT);
      if (typeof primitive !== "object" && typeof primitive !== "function" || primitive === null) return primitive;
      throw new NativeTypeError("Cannot convert object to primitive value");
    }
    const { valueOf } = value;
    const primitive = typeof valueOf === "function" ? apply(valueOf, value, NOTHING) : value;
    return typeof primitive === "object" && primitive !== null || typeof primitive === "function" ? NativeString(value) : primitive;
  }

  const formatNumber = (formatter, value) => asked(core.number, formatter, value);
  const NumberFormat = callable("NumberFormat");
  publish("NumberFormat", NumberFormat, {
    formatToParts(value) {
      const { formatter } = recordIn(this, "NumberFormat");
      return listOf(asked(core.numberParts, formatter, numeric(value)), plainPart);
    },
    formatRange(start, end) { return numberRange(this, "formatRange", start, end); },
    formatRangeToParts(start, end) { return listOf(numberRange(this, "formatRangeToParts", start, end), sharedPart); },
  }, getters(["format", bound("NumberFormat", "format", (formatter) => (value) => formatNumber(formatter, numeric(value)))]));

  function numberRange(holder, method, start, end) {
    const { formatter } = recordIn(holder, "NumberFormat");
    if (start === undefined || end === undefined) throw new NativeTypeError("Invalid argument");
    const [first, last] = [numeric(start), numeric(end)];
    return asked((one, other) => core.call(formatter, method, one, other), first, last);
  }

  // ---- dates

  function timeOf(value) {
    const time = value === undefined ? now() : NativeNumber(value);
    if (!(time >= -8.64e15 && time <= 8.64e15)) throw new NativeRangeError("Invalid time value");
    return time - time % 1;
  }

  const formatDate = (formatter, time) => asked(core.date, formatter, time);
  const DateTimeFormat = callable("DateTimeFormat");
  publish("DateTimeFormat", DateTimeFormat, {
    formatToParts(value) {
      const { formatter } = recordIn(this, "DateTimeFormat");
      return listOf(asked(core.dateParts, formatter, timeOf(value)), plainPart);
    },
    formatRange(start, end) {
      const parts = dateRange(this, start, end);
      let text = "";
      for (let i = 0; i < parts.length; i++) text += parts[i].value;
      return text;
    },
    formatRangeToParts(start, end) { return listOf(dateRange(this, start, end), sharedPart); },
  }, getters(["format", bound("DateTimeFormat", "format", (formatter) => (value) => formatDate(formatter, timeOf(value)))]));

  function dateRange(holder, start, end) {
    const { formatter } = recordIn(holder, "DateTimeFormat");
    if (start === undefined || end === undefined) throw new NativeTypeError("startDate or endDate cannot be undefined");
    const first = timeOf(start);
    return asked(core.dateRange, formatter, first, timeOf(end));
  }

  // ---- the others

  publish("Collator", callable("Collator"), {}, getters(["compare", bound("Collator", "compare", (formatter) => (one, other) => {
    const first = NativeString(one);
    return asked(core.compare, formatter, first, NativeString(other));
  })]));

  publish("PluralRules", constructed("PluralRules"), {
    select(value) { return asked(core.call, recordIn(this, "PluralRules").formatter, "select", NativeNumber(value)); },
    selectRange(start, end) {
      const { formatter } = recordIn(this, "PluralRules");
      if (start === undefined || end === undefined) throw new NativeTypeError("Invalid argument");
      const [first, last] = [NativeNumber(start), NativeNumber(end)];
      return asked((one, other) => core.call(formatter, "selectRange", one, other), first, last);
    },
  });

  function relative(holder, method, value, unit) {
    const { formatter } = recordIn(holder, "RelativeTimeFormat");
    const count = NativeNumber(value);
    const text = NativeString(unit);
    return asked((one, other) => core.call(formatter, method, one, other), count, text);
  }
  publish("RelativeTimeFormat", constructed("RelativeTimeFormat"), {
    format(value, unit) { return relative(this, "format", value, unit); },
    formatToParts(value, unit) { return listOf(relative(this, "formatToParts", value, unit), shownPart); },
  });

  function listed(holder, question, values) {
    const { formatter } = recordIn(holder, "ListFormat");
    const texts = new NativeArray();
    if (values !== undefined) {
      const steps = values[iterator]();
      const { next } = steps;
      for (let step = apply(next, steps, NOTHING); !step.done; step = apply(next, steps, NOTHING)) {
        if (typeof step.value !== "string") throw new NativeTypeError("Iterable yielded " + NativeString(step.value) + " which is not a string");
        defineProperty(texts, texts.length, own(step.value));
      }
    }
    return asked(question, formatter, texts);
  }
  publish("ListFormat", constructed("ListFormat"), {
    format(values) { return listed(this, core.list, values); },
    formatToParts(values) { return listOf(listed(this, core.listParts, values), plainPart); },
  });

  publish("DisplayNames", constructed("DisplayNames"), {
    of(code) { return asked(core.call, recordIn(this, "DisplayNames").formatter, "of", NativeString(code)); },
  });

  // ---- Locale

  const localeOf = (holder) => {
    const locale = typeof holder === "object" && holder !== null ? recall(locales, holder) : undefined;
    if (locale === undefined) throw new NativeTypeError("Method Intl.Locale.prototype method called on incompatible receiver");
    return locale;
  };
  const Locale = function Locale(tag, options) {
    if (new.target === undefined) throw new NativeTypeError("Constructor Intl.Locale requires 'new'");
    if (typeof tag !== "string" && (typeof tag !== "object" || tag === null)) {
      throw new NativeTypeError("First argument to Intl.Locale constructor can't be empty or missing");
    }
    if (tag === "") throw new NativeRangeError("First argument to Intl.Locale constructor can't be empty or missing");
    const text = tagOf(tag);
    keep(locales, this, asked(core.locale, text, read("Locale", options, "Intl.Locale").found));
  };
  const renewed = (method) => ({
    [method]() { return new Locale(asked((locale) => locale[method]().toString(), localeOf(this))); },
  })[method];
  const member = (name) => [name, Object.getOwnPropertyDescriptor({ get [name]() { return localeOf(this)[name]; } }, name)];
  publish("Locale", Locale, {
    toString() { return localeOf(this).toString(); }, maximize: renewed("maximize"), minimize: renewed("minimize"),
  }, getters(...[
    "baseName", "language", "script", "region", "calendar", "collation", "hourCycle", "caseFirst", "numeric", "numberingSystem",
  ].map(member)));

  const statics = {
    getCanonicalLocales(tags) {
      return listOf(asked(core.tags, tagsOf(tags)));
    },
    supportedValuesOf(key) { return listOf(asked(core.values, NativeString(key))); },
  };
  for (const name in statics) defineProperty(Intl, name, hidden(statics[name]));
  defineProperty(Intl, toStringTag, { __proto__: null, value: "Intl", configurable: true });
  defineProperty(globalThis, "Intl", hidden(Intl));

  // ---- methods of the language

  function replace(holder, methods) {
    for (const name in methods) defineProperty(holder, name, hidden(methods[name]));
  }

  const inNumbers = { __proto__: CONSTRUCTED, caller: "Number.prototype.toLocaleString" };
  const localeNumber = (value, tags, options) => formatNumber(made("NumberFormat", tagsOf(tags), options, inNumbers), value);
  replace(Number.prototype, { toLocaleString(tags, options) { return localeNumber(thisNumber(this), tags, options); } });
  replace(BigInt.prototype, { toLocaleString(tags, options) { return localeNumber(thisBigInt(this), tags, options); } });

  function localeDate(holder, tags, options, kind) {
    const time = getTime(holder);
    if (time !== time) return "Invalid Date";
    return formatDate(made("DateTimeFormat", tagsOf(tags), options, kind), time);
  }
  const kindOfDate = (name, required, defaults) => ({ __proto__: null, caller: "Date.prototype." + name, required, defaults });
  const WHOLE = kindOfDate("toLocaleString", "any", "all");
  const DAY = kindOfDate("toLocaleDateString", "date", "date");
  const CLOCK = kindOfDate("toLocaleTimeString", "time", "time");
  replace(Date.prototype, {
    toLocaleString(tags, options) { return localeDate(this, tags, options, WHOLE); },
    toLocaleDateString(tags, options) { return localeDate(this, tags, options, DAY); },
    toLocaleTimeString(tags, options) { return localeDate(this, tags, options, CLOCK); },
  });

  const inStrings = { __proto__: CONSTRUCTED, caller: "String.prototype.localeCompare" };
  replace(String.prototype, {
    localeCompare(that, tags, options) {
      if (this === undefined || this === null) {
        throw new NativeTypeError("String.prototype.localeCompare called on null or undefined");
      }
      const text = NativeString(this);
      const other = NativeString(that);
      return asked(core.compare, made("Collator", tagsOf(tags), options, inStrings), text, other);
    },
  });

  // Elements are joined by a comma in every locale that is carried.
  function joined(values, tags, options) {
    let text = "";
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (i > 0) text += ",";
      if (value !== undefined && value !== null) text += NativeString(value.toLocaleString(tags, options));
    }
    return text;
  }
  replace(Array.prototype, { toLocaleString(tags, options) { return joined(toObject(this), tags, options); } });
  replace(Object.getPrototypeOf(Uint8Array.prototype), {
    toLocaleString(tags, options) { return joined(this, tags, options); },
  });
  for (const holder of [Number, BigInt, Date, Array]) {
    for (const name of ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"]) {
      if (Object.hasOwn(holder.prototype, name)) defineProperty(holder.prototype[name], "length", { __proto__: null, value: 0 });
    }
  }
  defineProperty(String.prototype.localeCompare, "length", { __proto__: null, value: 1 });
}
