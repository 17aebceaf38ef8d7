// The options of `Intl`'s services, as scripts give them: () => { toObject, read, completed, checkNumber }.
//
// Evaluated in the scripts' realm before any of them; what it needs later is taken now, as in surface.js.

() => {
  "use strict";

  const NativeObject = Object;
  const NativeString = String;
  const NativeNumber = Number;
  const NativeBoolean = Boolean;
  const NativeTypeError = TypeError;
  const NativeRangeError = RangeError;

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
    number("minimumIntegerDigits", 1, 21),
    number("minimumFractionDigits", 0, 100),
    number("maximumFractionDigits", 0, 100),
    number("minimumSignificantDigits", 1, 21),
    number("maximumSignificantDigits", 1, 21),
  ];
  const ROUNDING = [
    number("roundingIncrement", 1, 5000),
    string(
      "roundingMode",
      "ceil",
      "floor",
      "expand",
      "trunc",
      "halfCeil",
      "halfFloor",
      "halfExpand",
      "halfTrunc",
      "halfEven",
    ),
    string("roundingPriority", "auto", "morePrecision", "lessPrecision"),
    string("trailingZeroDisplay", "auto", "stripIfInteger"),
  ];
  const TEXT = ["narrow", "short", "long"];
  const NUMERIC = ["2-digit", "numeric"];
  const STYLES = ["full", "long", "medium", "short"];
  const OPTIONS = {
    __proto__: null,
    DateTimeFormat: [
      MATCHER,
      string("calendar"),
      NUMBERING,
      boolean("hour12"),
      string("hourCycle", "h11", "h12", "h23", "h24"),
      string("timeZone"),
      string("weekday", ...TEXT),
      string("era", ...TEXT),
      string("year", ...NUMERIC),
      string("month", ...NUMERIC, ...TEXT),
      string("day", ...NUMERIC),
      string("dayPeriod", ...TEXT),
      string("hour", ...NUMERIC),
      string("minute", ...NUMERIC),
      string("second", ...NUMERIC),
      number("fractionalSecondDigits", 1, 3),
      string("timeZoneName", "short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"),
      string("formatMatcher", "basic", "best fit"),
      string("dateStyle", ...STYLES),
      string("timeStyle", ...STYLES),
    ],
    NumberFormat: [
      MATCHER,
      NUMBERING,
      string("style", "decimal", "percent", "currency", "unit"),
      string("currency"),
      string("currencyDisplay", "code", "symbol", "name", "narrowSymbol"),
      string("currencySign", "standard", "accounting"),
      string("unit"),
      string("unitDisplay", "short", "narrow", "long"),
      string("notation", "standard", "scientific", "engineering", "compact"),
      ...DIGITS,
      ...ROUNDING,
      string("compactDisplay", "short", "long"),
      { __proto__: null, name: "useGrouping", type: "grouping" },
      string("signDisplay", "auto", "never", "always", "exceptZero", "negative"),
    ],
    PluralRules: [MATCHER, string("type", "cardinal", "ordinal"), ...DIGITS, ...ROUNDING],
    RelativeTimeFormat: [
      MATCHER,
      NUMBERING,
      string("style", "long", "short", "narrow"),
      string("numeric", "always", "auto"),
    ],
    ListFormat: [
      MATCHER,
      string("type", "conjunction", "disjunction", "unit"),
      string("style", "long", "short", "narrow"),
    ],
    DisplayNames: [
      MATCHER,
      string("style", "narrow", "short", "long"),
      string("type", "language", "region", "script", "currency", "calendar", "dateTimeField"),
      string("fallback", "code", "none"),
      string("languageDisplay", "dialect", "standard"),
    ],
    Collator: [
      string("usage", "sort", "search"),
      MATCHER,
      string("collation"),
      boolean("numeric"),
      string("caseFirst", "upper", "lower", "false"),
      string("sensitivity", "base", "accent", "case", "variant"),
      boolean("ignorePunctuation"),
    ],
    Supported: [MATCHER],
    Locale: [
      string("language"),
      string("script"),
      string("region"),
      string("calendar"),
      string("collation"),
      string("hourCycle", "h11", "h12", "h23", "h24"),
      string("caseFirst", "upper", "lower", "false"),
      boolean("numeric"),
      NUMBERING,
    ],
  };
  const LEGACY = {
    __proto__: null,
    DateTimeFormat: true,
    NumberFormat: true,
    Collator: true,
    PluralRules: true,
    Locale: true,
  };

  function converted(value, { name, type, values, least, most }, caller) {
    if (type === "boolean") return NativeBoolean(value);
    if (type === "number") {
      const given = NativeNumber(value);
      if (!(given >= least && given <= most)) throw new NativeRangeError(name + " value is out of range.");
      return given - (given % 1);
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
      if ((typeof holder !== "object" && typeof holder !== "function") || holder === null) {
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
  const [DATE_DEFAULTS, TIME_DEFAULTS] = [
    ["year", "month", "day"],
    ["hour", "minute", "second"],
  ];

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
        throw new NativeTypeError(
          "Can't set option " + ALL[i] + " when " + (dateStyle ? "dateStyle" : "timeStyle") + " is used",
        );
      }
    } else if (!(required !== "time" && hasAny(options, DATE)) && !(required !== "date" && hasAny(options, TIME))) {
      if (defaults !== "time") setAll(options, DATE_DEFAULTS);
      if (defaults !== "date") setAll(options, TIME_DEFAULTS);
    }
    return options;
  }

  // ---- what goes wrong with numbers

  function checkNumber(
    { style, currency, unit, useGrouping, minimumFractionDigits: least, maximumFractionDigits: most },
    caller,
  ) {
    if (style === "currency" && currency === undefined)
      throw new NativeTypeError("Currency code is required with currency style.");
    if (currency !== undefined && !isCurrency(currency))
      throw new NativeRangeError("Invalid currency code : " + currency);
    if (style === "unit" && unit === undefined)
      throw new NativeTypeError("Invalid unit argument for " + caller + "() ''");
    if (typeof useGrouping === "string" && !GROUPINGS[useGrouping]) {
      throw new NativeRangeError(
        "Value " + useGrouping + " out of range for " + caller + " options property useGrouping",
      );
    }
    if (least > most) throw new NativeRangeError("maximumFractionDigits value is out of range.");
  }

  const GROUPINGS = { __proto__: null, min2: true, auto: true, always: true, true: true, false: true };

  function isCurrency(code) {
    for (let i = 0; i < code.length; i++)
      if (!(code[i] >= "A" && code[i] <= "Z") && !(code[i] >= "a" && code[i] <= "z")) return false;
    return code.length === 3;
  }

  return { toObject, read, completed, checkNumber };
};
