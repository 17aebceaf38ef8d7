// Dates as text, by ICU's patterns (scripts/vendor/intl_dates.mjs): (locales, zones, differ) => { make, parts, rangeParts, resolved }.
//
// `make` takes options whose values have been checked. What it makes formats milliseconds since 1970.

(locales, zones, differ) => {
  "use strict";

  const LETTERS = { weekday: "E", era: "G", year: "y", month: "M", day: "d" };
  const TIMES = { hour: "h", minute: "m", second: "s" };
  const FIELDS = {
    E: "weekday",
    G: "era",
    y: "year",
    M: "month",
    L: "month",
    d: "day",
    a: "dayPeriod",
    B: "dayPeriod",
    h: "hour",
    m: "minute",
    s: "second",
    S: "fractionalSecond",
    z: "timeZoneName",
  };
  const WIDTHS = { n: "numeric", 2: "2-digit", w: "narrow", s: "short", l: "long" };
  const WIDTH_OF = { numeric: "n", "2-digit": "2", narrow: "w", short: "s", long: "l" };
  const ZONE_KEYS = { long: "zl", longOffset: "zo", shortOffset: "zp" };
  const STYLE_OF_ZONE = { full: "long", long: "short" };
  const SOURCES = { "\uE000": "startRange", "\uE001": "endRange", "\uE002": "shared" };
  const ACCEPTED = {
    ca: (value) => value === "gregory",
    nu: (value) => value === "latn",
    hc: (value) => ["h11", "h12", "h23", "h24"].includes(value),
  };

  const QUOTED = { d: "day", m: "minute", s: "second" }; // V8 takes letters of words such as "de" for fields

  const tokensOf = new Map(); // of a pattern

  function tokens(pattern) {
    if (!tokensOf.has(pattern)) {
      let source;
      const found = [];
      for (const [text] of pattern.matchAll(/\{..?\}|[\uE000-\uE002]|[^{\uE000-\uE002]+/g)) {
        if (text in SOURCES) source = SOURCES[text];
        else if (text[0] === "{")
          found.push({ letter: text[1], width: text.length > 3 ? text[2] : "", text: "", source });
        else found.push({ letter: "", width: "", text, source });
      }
      tokensOf.set(pattern, found);
    }
    return tokensOf.get(pattern);
  }

  function keyOf(options, letters) {
    let key = "";
    for (const [name, letter] of Object.entries(letters)) {
      if (options[name] !== undefined) key += letter + WIDTH_OF[options[name]];
    }
    return key;
  }

  function make(tags, options) {
    const { hour12 } = options;
    if (options.fractionalSecondDigits !== undefined && options.second === undefined) differ("fraction");
    if (options.timeZoneName?.endsWith("Generic")) differ("zone-name");
    const chosen = {
      hc: hour12 === undefined ? options.hourCycle : null,
      ca: options.calendar,
      nu: options.numberingSystem,
    };
    const { locale, data, keywords } = locales.resolve(tags, "DateTimeFormat", ACCEPTED, chosen);
    const { dates } = locales.dataOf(data);
    const zone = options.timeZone === undefined ? "UTC" : zones.canonical(options.timeZone);
    const cycle =
      hour12 === undefined ? (options.hourCycle ?? keywords.hc ?? dates.cycles[0]) : dates.cycles[hour12 ? 1 : 2];
    const is12 = cycle === "h11" || cycle === "h12";
    const format = { locale, data, dates, zone, cycle, is12, options, zoneStyle: options.timeZoneName };
    Object.assign(format, (options.dateStyle ?? options.timeStyle) ? styled(format) : composed(format));
    format.tokens = tokens(format.pattern);
    format.hasHour = format.tokens.some(({ letter }) => letter === "h");
    return format;
  }

  // A table has a key for h23, and the others where they differ from it or, with h11, from h12.
  function patternIn(table, cycle, key) {
    if (cycle === "h11") return table[`11${key}`] ?? table[`12${key}`] ?? table[key];
    return cycle === "h23" ? table[key] : (table[cycle.slice(1) + key] ?? table[key]);
  }

  function styled({ dates, cycle, options: { dateStyle, timeStyle } }) {
    const [date, time] = [dateStyle ?? "", timeStyle ?? ""];
    const datePattern = date === "" ? "" : dates.styles[`${date}/`];
    const timePattern = time === "" ? "" : patternIn(dates.styles, cycle, `/${time}`);
    return {
      pattern: time === "" ? datePattern : patternIn(dates.styles, cycle, `${date}/${time}`),
      datePattern,
      timePattern,
      dateKey: keyIn(datePattern, "EyMd"),
      timeKey: keyIn(timePattern, "hmsz"),
      zoneStyle: STYLE_OF_ZONE[timeStyle],
    };
  }

  // The key of a pattern's own fields.
  function keyIn(pattern, letters) {
    const widths = {};
    for (const { letter, width } of tokens(pattern))
      if (letter !== "") widths[letter === "L" ? "M" : letter] = width || "s";
    return [...letters].map((letter) => (letter in widths ? letter + widths[letter] : "")).join("");
  }

  // Few locales have patterns of their own for offsets.
  const timeIn = (table, cycle, key) =>
    patternIn(table, cycle, key) ?? patternIn(table, cycle, key.replace(/z[op]/, "zs"));

  function composed({ dates, cycle, options }) {
    const dateKey = keyOf(options, LETTERS);
    const timeKey =
      (options.dayPeriod === undefined ? "" : "Bl") +
      keyOf(options, TIMES) +
      (options.fractionalSecondDigits === undefined ? "" : "S3") +
      (options.timeZoneName === undefined ? "" : (ZONE_KEYS[options.timeZoneName] ?? "zs"));
    const datePattern = dateKey === "" ? "" : dates.dates[dateKey];
    const timePattern = timeKey === "" ? "" : timeIn(dates.times, cycle, timeKey);
    let pattern = datePattern + timePattern;
    if (/^E.$/.test(dateKey) && timeKey !== "")
      pattern = timeIn(dates.times, cycle, `Es${timeKey}`).replace("{Es}", `{${dateKey}}`);
    else if (dateKey !== "" && timeKey !== "") pattern = datePattern + glueOf(dates, dateKey) + timePattern;
    return { pattern, dateKey, timeKey, datePattern, timePattern };
  }

  function glueOf(dates, dateKey) {
    const [weekday, month] = [/E./.exec(dateKey), /M./.exec(dateKey)];
    return dates.glue[(weekday?.[0].replace("w", "s") ?? "") + (month?.[0].replace("w", "s").replace("2", "n") ?? "")];
  }

  // Where local time lies beyond the last day of a Date, it is read 400 years from there: the calendar is the same.
  const CYCLE = { years: 400, time: 146097 * 86400000 };
  const LAST_DAY = 8.64e15 - 86400000;

  function localTime({ zone }, time) {
    const cycles = Math.abs(time) > LAST_DAY ? Math.sign(time) : 0;
    const local = new Date(time + zones.offsetAt(zone, time) - cycles * CYCLE.time);
    return {
      time,
      year: local.getUTCFullYear() + cycles * CYCLE.years,
      month: local.getUTCMonth(),
      day: local.getUTCDate(),
      weekday: local.getUTCDay(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      second: local.getUTCSeconds(),
      millisecond: local.getUTCMilliseconds(),
    };
  }

  const digits = (number, width) => (width === "2" ? String(number % 100).padStart(2, "0") : String(number));

  function hourOf(hour, cycle) {
    if (cycle === "h23") return hour;
    if (cycle === "h24") return hour === 0 ? 24 : hour;
    return cycle === "h12" && hour % 12 === 0 ? 12 : hour % 12;
  }

  function dayPeriod({ dates: { names }, options, pattern }, { hour, minute }) {
    const isPast = minute > 0 && pattern.includes("{m");
    return names.B[WIDTH_OF[options.dayPeriod] ?? "s"][2 * hour + (isPast ? 1 : 0)];
  }

  function valueOf(format, { letter, width, text }, local) {
    const { names } = format.dates;
    switch (letter) {
      case "":
        return text;
      case "E":
        return names.E[width][local.weekday];
      case "G":
        return names.G[width][local.year > 0 ? 1 : 0];
      case "y":
        return digits(local.year > 0 ? local.year : 1 - local.year, width);
      case "M":
        return width === "n" || width === "2" ? digits(local.month + 1, width) : names.M[width][local.month];
      case "L":
        return names.L[width][local.month];
      case "d":
        return digits(local.day, width);
      case "a":
        return names.a[local.hour < 12 ? 0 : 1];
      case "B":
        return dayPeriod(format, local);
      case "h":
        return digits(hourOf(local.hour, format.cycle), width);
      case "m":
        return digits(local.minute, width);
      case "s":
        return digits(local.second, width);
      case "S":
        return String(local.millisecond).padStart(3, "0").slice(0, format.options.fractionalSecondDigits);
      default:
        return zones.nameAt(format.zone, local.time, format.zoneStyle, format.data);
    }
  }

  function text(format, time) {
    const local = localTime(format, time);
    let whole = "";
    for (const token of format.tokens) whole += valueOf(format, token, local);
    return whole.replaceAll("\u202f", " "); // as V8 does, in this method alone
  }

  const partOf = (format, token, local) => ({
    type: token.letter === "" ? "literal" : FIELDS[token.letter],
    value: valueOf(format, token, local),
    source: token.source,
  });

  // Parts whose literals are those of ICU: neighbours are one.
  function merged(parts) {
    const all = [];
    for (const part of parts) {
      const last = all.at(-1);
      if (part.type === "literal" && last?.type === "literal" && last.source === part.source) last.value += part.value;
      else all.push(part);
    }
    return all;
  }

  function parts(format, time) {
    const local = localTime(format, time);
    return merged(format.tokens.map((token) => partOf(format, token, local)));
  }

  const DATE_FIELDS = [
    ["year", "y"],
    ["month", "M"],
    ["day", "d"],
  ];

  // The largest field in which two times differ; undefined if they look alike.
  function difference(format, one, other) {
    const found = DATE_FIELDS.find(([field]) => one[field] !== other[field]);
    const isOfAnotherDay = (format.timeKey !== "" || format.dateKey.includes("E")) && found !== undefined;
    if (text(format, one.time) === text(format, other.time) && !isOfAnotherDay) return undefined;
    if (found !== undefined) return found[1];
    if (one.hour < 12 !== other.hour < 12) return "a";
    return one.hour !== other.hour ? "h" : one.minute !== other.minute ? "m" : "s";
  }

  function rangePattern(format, field) {
    const { cycle, timePattern, dates } = format;
    const timeKey = format.timeKey.replace(/z[lop]/, "zs");
    const { ranges, dash } = dates;
    const isDate = "yMd".includes(field);
    const dateKey = format.dateKey === "" && isDate ? "ynMndn" : format.dateKey; // a time of another day is given its date
    const datePattern = dateKey === "" ? "" : format.datePattern || dates.dates[dateKey];
    const within = timeKey === "" ? undefined : patternIn(ranges, cycle, `${timeKey}/${field}`);
    if (isDate) {
      if (timeKey === "") return ranges[`${dateKey}/${field}`];
      const isStyled = format.options.dateStyle !== undefined && format.options.timeStyle !== undefined;
      const time = patternIn(ranges, cycle, `${timeKey}/x`) ?? timePattern;
      const whole = isStyled
        ? format.pattern
        : (ranges[`${dateKey}+${field}`] ?? datePattern + glueOf(dates, dateKey)) + time;
      return `\uE000${whole}\uE002${dash}\uE001${whole}`;
    }
    const before = dateKey === "" ? "" : (ranges[`${dateKey}+t`] ?? datePattern + glueOf(dates, dateKey));
    return `\uE002${before}${within ?? `\uE000${timePattern}\uE002${dash}\uE001${timePattern}`}`;
  }

  const MORE_THAN_DATES = [
    "hour",
    "minute",
    "second",
    "timeStyle",
    "dayPeriod",
    "fractionalSecondDigits",
    "timeZoneName",
    "era",
  ];

  function rangeParts(format, start, end) {
    if (MORE_THAN_DATES.some((name) => format.options[name] !== undefined)) differ("date-range");
    const [one, other] = [localTime(format, start), localTime(format, end)];
    const field = difference(format, one, other);
    const pattern = field === undefined ? undefined : rangePattern(format, field);
    if (pattern === undefined) {
      return parts(format, start).map(({ type, value }) => ({
        type,
        value: value.replaceAll("\u202f", " "),
        source: "shared",
      }));
    }
    return merged(tokens(pattern).map((token) => partOf(format, token, token.source === "endRange" ? other : one)));
  }

  function resolved({ locale, zone, cycle, is12, hasHour, options, tokens: all, zoneStyle }) {
    const found = { locale, calendar: "gregory", numberingSystem: "latn", timeZone: zone };
    if (hasHour) Object.assign(found, { hourCycle: cycle, hour12: is12 });
    const { dateStyle, timeStyle } = options;
    if (dateStyle === undefined && timeStyle === undefined) {
      const widths = {};
      for (const { letter, width } of all) if (letter !== "" && width !== "") widths[FIELDS[letter]] = WIDTHS[width];
      for (const { text: literal } of all)
        for (const letter of literal) if (letter in QUOTED) widths[QUOTED[letter]] ??= "numeric";
      for (const name of ["weekday", "era", "year", "month", "day"]) if (name in widths) found[name] = widths[name];
      if (options.dayPeriod !== undefined) found.dayPeriod = options.dayPeriod;
      for (const name of ["hour", "minute", "second"]) if (name in widths) found[name] = widths[name];
      if (options.fractionalSecondDigits !== undefined) found.fractionalSecondDigits = options.fractionalSecondDigits;
      if (options.timeZoneName !== undefined) found.timeZoneName = zoneStyle;
    }
    if (dateStyle !== undefined) found.dateStyle = dateStyle;
    if (timeStyle !== undefined) found.timeStyle = timeStyle;
    return found;
  }

  return { make, text, parts, rangeParts, resolved };
};
