// `Intl` and the methods that depend on it, as scripts find them: (core, options) => nothing.
//
// Evaluated in the scripts' realm before any of them. All that is needed later is taken now, and lists are filled by definition,
// for the reasons that prelude.js gives.

(core, options) => {
  "use strict";

  const { toObject, read, completed, checkNumber } = options;
  const { defineProperty } = Object;
  const { apply, construct } = Reflect;
  const { now } = Date;
  const { iterator, toPrimitive, toStringTag } = Symbol;
  const uncurried = Function.prototype.bind.bind(Function.prototype.call);
  const getTime = uncurried(Date.prototype.getTime);
  const [recall, keep] = [uncurried(WeakMap.prototype.get), uncurried(WeakMap.prototype.set)];
  const [find, add, clear] = [Map.prototype.get, Map.prototype.set, Map.prototype.clear].map((method) =>
    uncurried(method),
  );
  const thisNumber = uncurried(Number.prototype.valueOf);
  const thisBigInt = uncurried(BigInt.prototype.valueOf);
  const ERRORS = { __proto__: null, RangeError, SyntaxError, TypeError, InternalError: RangeError };
  const NativeArray = Array;
  const NativeObject = Object;
  const NativeString = String;
  const NativeNumber = Number;
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
    if (
      typeof value === "string" ||
      (typeof value === "object" && value !== null && recall(locales, value) !== undefined)
    ) {
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
    defineProperty(Service, "length", {
      __proto__: null,
      value: service === "DisplayNames" ? 2 : service === "Locale" ? 1 : 0,
    });
    if (service !== "Locale") {
      defineProperty(
        Service,
        "supportedLocalesOf",
        hidden(
          {
            supportedLocalesOf(tags, options) {
              if (options !== undefined) read("Supported", options, "Intl." + service);
              return listOf(asked(core.supported, tagsOf(tags)));
            },
          }.supportedLocalesOf,
        ),
      );
      defineProperty(Service.supportedLocalesOf, "length", { __proto__: null, value: 1 });
      defineProperty(
        prototype,
        "resolvedOptions",
        hidden(
          {
            resolvedOptions() {
              return recordOf(asked(core.resolved, service, recordIn(this, service).formatter));
            },
          }.resolvedOptions,
        ),
      );
    }
    for (const name in methods) defineProperty(prototype, name, hidden(methods[name]));
    for (const name in getters) {
      const { get } = Object.getOwnPropertyDescriptor(getters, name);
      defineProperty(prototype, name, { __proto__: null, get, set: undefined, enumerable: false, configurable: true });
    }
    defineProperty(prototype, toStringTag, { __proto__: null, value: "Intl." + service, configurable: true });
    defineProperty(Intl, service, hidden(Service));
  }
  const callable = (service) =>
    ({
      [service]: function (tags, options) {
        const holder = new.target === undefined ? construct(NativeObject, NOTHING, Intl[service]) : this;
        return keepRecord(holder, service, made(service, tagsOf(tags), options));
      },
    })[service];
  const constructed = (service) =>
    ({
      [service]: function (tags, options) {
        if (new.target === undefined) throw new NativeTypeError("Constructor Intl." + service + " requires 'new'");
        if (service === "DisplayNames" && options === undefined)
          throw new NativeTypeError("Cannot convert undefined or null to object");
        return keepRecord(this, service, made(service, tagsOf(tags), options));
      },
    })[service];

  // A getter of a function that stays bound to its formatter.
  const bound = (service, name, make) =>
    Object.getOwnPropertyDescriptor(
      {
        get [name]() {
          const record = recordIn(this, service);
          if (record.bound === undefined) {
            record.bound = make(record.formatter);
            defineProperty(record.bound, "name", { __proto__: null, value: "" });
          }
          return record.bound;
        },
      },
      name,
    );
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
    const primitive =
      (typeof value === "object" && value !== null) || typeof value === "function" ? primitiveOf(value) : value;
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
      if ((typeof primitive !== "object" && typeof primitive !== "function") || primitive === null) return primitive;
      throw new NativeTypeError("Cannot convert object to primitive value");
    }
    const { valueOf } = value;
    const primitive = typeof valueOf === "function" ? apply(valueOf, value, NOTHING) : value;
    return (typeof primitive === "object" && primitive !== null) || typeof primitive === "function"
      ? NativeString(value)
      : primitive;
  }

  const formatNumber = (formatter, value) => asked(core.number, formatter, value);
  const NumberFormat = callable("NumberFormat");
  publish(
    "NumberFormat",
    NumberFormat,
    {
      formatToParts(value) {
        const { formatter } = recordIn(this, "NumberFormat");
        return listOf(asked(core.numberParts, formatter, numeric(value)), plainPart);
      },
      formatRange(start, end) {
        return numberRange(this, "formatRange", start, end);
      },
      formatRangeToParts(start, end) {
        return listOf(numberRange(this, "formatRangeToParts", start, end), sharedPart);
      },
    },
    getters([
      "format",
      bound("NumberFormat", "format", (formatter) => (value) => formatNumber(formatter, numeric(value))),
    ]),
  );

  function numberRange(holder, method, start, end) {
    const { formatter } = recordIn(holder, "NumberFormat");
    if (start === undefined || end === undefined) throw new NativeTypeError("Invalid argument");
    const first = numeric(start);
    const last = numeric(end);
    return asked(core.numberRange, formatter, method, first, last);
  }

  // ---- dates

  function timeOf(value) {
    const time = value === undefined ? now() : NativeNumber(value);
    if (!(time >= -8.64e15 && time <= 8.64e15)) throw new NativeRangeError("Invalid time value");
    return time - (time % 1);
  }

  const formatDate = (formatter, time) => asked(core.date, formatter, time);
  const DateTimeFormat = callable("DateTimeFormat");
  publish(
    "DateTimeFormat",
    DateTimeFormat,
    {
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
      formatRangeToParts(start, end) {
        return listOf(dateRange(this, start, end), sharedPart);
      },
    },
    getters([
      "format",
      bound("DateTimeFormat", "format", (formatter) => (value) => formatDate(formatter, timeOf(value))),
    ]),
  );

  function dateRange(holder, start, end) {
    const { formatter } = recordIn(holder, "DateTimeFormat");
    if (start === undefined || end === undefined) throw new NativeTypeError("startDate or endDate cannot be undefined");
    const first = timeOf(start);
    return asked(core.dateRange, formatter, first, timeOf(end));
  }

  // ---- the others

  publish(
    "Collator",
    callable("Collator"),
    {},
    getters([
      "compare",
      bound("Collator", "compare", (formatter) => (one, other) => {
        const first = NativeString(one);
        return asked(core.compare, formatter, first, NativeString(other));
      }),
    ]),
  );

  publish("PluralRules", constructed("PluralRules"), {
    select(value) {
      return asked(core.call, recordIn(this, "PluralRules").formatter, "select", NativeNumber(value));
    },
    selectRange(start, end) {
      const { formatter } = recordIn(this, "PluralRules");
      if (start === undefined || end === undefined) throw new NativeTypeError("Invalid argument");
      const first = NativeNumber(start);
      const last = NativeNumber(end);
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
    format(value, unit) {
      return relative(this, "format", value, unit);
    },
    formatToParts(value, unit) {
      return listOf(relative(this, "formatToParts", value, unit), shownPart);
    },
  });

  function listed(holder, question, values) {
    const { formatter } = recordIn(holder, "ListFormat");
    const texts = new NativeArray();
    if (values !== undefined) {
      const steps = values[iterator]();
      const { next } = steps;
      for (let step = apply(next, steps, NOTHING); !step.done; step = apply(next, steps, NOTHING)) {
        if (typeof step.value !== "string")
          throw new NativeTypeError("Iterable yielded " + NativeString(step.value) + " which is not a string");
        defineProperty(texts, texts.length, own(step.value));
      }
    }
    return asked(question, formatter, texts);
  }
  publish("ListFormat", constructed("ListFormat"), {
    format(values) {
      return listed(this, core.list, values);
    },
    formatToParts(values) {
      return listOf(listed(this, core.listParts, values), plainPart);
    },
  });

  publish("DisplayNames", constructed("DisplayNames"), {
    of(code) {
      return asked(core.call, recordIn(this, "DisplayNames").formatter, "of", NativeString(code));
    },
  });

  // ---- Locale

  const localeOf = (holder) => {
    const locale = typeof holder === "object" && holder !== null ? recall(locales, holder) : undefined;
    if (locale === undefined)
      throw new NativeTypeError("Method Intl.Locale.prototype method called on incompatible receiver");
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
  const renewed = (method) =>
    ({
      [method]() {
        return new Locale(asked((locale) => locale[method]().toString(), localeOf(this)));
      },
    })[method];
  const member = (name) => [
    name,
    Object.getOwnPropertyDescriptor(
      {
        get [name]() {
          return localeOf(this)[name];
        },
      },
      name,
    ),
  ];
  publish(
    "Locale",
    Locale,
    {
      toString() {
        return localeOf(this).toString();
      },
      maximize: renewed("maximize"),
      minimize: renewed("minimize"),
    },
    getters(
      ...[
        "baseName",
        "language",
        "script",
        "region",
        "calendar",
        "collation",
        "hourCycle",
        "caseFirst",
        "numeric",
        "numberingSystem",
      ].map(member),
    ),
  );

  const statics = {
    getCanonicalLocales(tags) {
      return listOf(asked(core.tags, tagsOf(tags)));
    },
    supportedValuesOf(key) {
      return listOf(asked(core.values, NativeString(key)));
    },
  };
  for (const name in statics) defineProperty(Intl, name, hidden(statics[name]));
  defineProperty(Intl, toStringTag, { __proto__: null, value: "Intl", configurable: true });
  defineProperty(globalThis, "Intl", hidden(Intl));

  // ---- methods of the language

  function replace(holder, methods) {
    for (const name in methods) defineProperty(holder, name, hidden(methods[name]));
  }

  const inNumbers = { __proto__: CONSTRUCTED, caller: "Number.prototype.toLocaleString" };
  const localeNumber = (value, tags, options) =>
    formatNumber(made("NumberFormat", tagsOf(tags), options, inNumbers), value);
  replace(Number.prototype, {
    toLocaleString(tags, options) {
      return localeNumber(thisNumber(this), tags, options);
    },
  });
  replace(BigInt.prototype, {
    toLocaleString(tags, options) {
      return localeNumber(thisBigInt(this), tags, options);
    },
  });

  function localeDate(holder, tags, options, kind) {
    const time = getTime(holder);
    if (time !== time) return "Invalid Date";
    return formatDate(made("DateTimeFormat", tagsOf(tags), options, kind), time);
  }
  const kindOfDate = (name, required, defaults) => ({
    __proto__: null,
    caller: "Date.prototype." + name,
    required,
    defaults,
  });
  const WHOLE = kindOfDate("toLocaleString", "any", "all");
  const DAY = kindOfDate("toLocaleDateString", "date", "date");
  const CLOCK = kindOfDate("toLocaleTimeString", "time", "time");
  replace(Date.prototype, {
    toLocaleString(tags, options) {
      return localeDate(this, tags, options, WHOLE);
    },
    toLocaleDateString(tags, options) {
      return localeDate(this, tags, options, DAY);
    },
    toLocaleTimeString(tags, options) {
      return localeDate(this, tags, options, CLOCK);
    },
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

  // Letters change case as in the language `und`, which is that of all languages but these.
  const CASED = { __proto__: null, az: true, el: true, lt: true, tr: true };
  const [toUpper, toLower] = [String.prototype.toLocaleUpperCase, String.prototype.toLocaleLowerCase].map((method) =>
    uncurried(method),
  );

  function reportCase(tags) {
    let language = "";
    for (let i = 0; i < tags.length && tags[i] !== "-" && tags[i] !== ","; i++) language += tags[i];
    if (CASED[language]) core.differ("locale");
  }
  replace(String.prototype, {
    toLocaleUpperCase() {
      reportCase(tagsOf(arguments[0]));
      return toUpper(this);
    },
    toLocaleLowerCase() {
      reportCase(tagsOf(arguments[0]));
      return toLower(this);
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
  replace(Array.prototype, {
    toLocaleString(tags, options) {
      return joined(toObject(this), tags, options);
    },
  });
  replace(Object.getPrototypeOf(Uint8Array.prototype), {
    toLocaleString(tags, options) {
      return joined(this, tags, options);
    },
  });
  for (const holder of [Number, BigInt, Date, Array]) {
    for (const name of ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"]) {
      if (Object.hasOwn(holder.prototype, name))
        defineProperty(holder.prototype[name], "length", { __proto__: null, value: 0 });
    }
  }
  defineProperty(String.prototype.localeCompare, "length", { __proto__: null, value: 1 });
};
