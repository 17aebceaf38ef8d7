// The patterns that ICU makes of the options of a DateTimeFormat, read off its parts: date and time apart, what joins them, the
// four styles, and ranges.
//
// A pattern is a text with fields as `{letter width}`, with the letters and widths of FIELDS and WIDTHS. In the pattern of a range
// SOURCES come before what begins to be of the start, of the end, or of both.

const FIELDS = {
  weekday: "E",
  era: "G",
  year: "y",
  month: "M",
  day: "d",
  dayPeriod: "a",
  hour: "h",
  minute: "m",
  second: "s",
  fractionalSecond: "S",
  timeZoneName: "z",
};
const OPTIONS = {
  E: "weekday",
  G: "era",
  y: "year",
  M: "month",
  d: "day",
  B: "dayPeriod",
  h: "hour",
  m: "minute",
  s: "second",
  S: "fractionalSecondDigits",
  z: "timeZoneName",
};
const WIDTHS = { n: "numeric", 2: "2-digit", w: "narrow", s: "short", l: "long", o: "longOffset", p: "shortOffset" };
const NUMBERS = ["", "n", "2"];
const NAMES = ["", "w", "s", "l"];
const SOURCES = { startRange: "\uE000", endRange: "\uE001", shared: "\uE002" };
const START = [2024, 1, 6, 3, 4, 6, 700]; // a Tuesday; no name of the month is its abbreviation
const ENDS = { y: [2025, 1, 6, 3, 4, 6], M: [2024, 3, 6, 3, 4, 6], d: [2024, 1, 7, 3, 4, 6] };
const TIME_ENDS = {
  a: [2024, 1, 6, 15, 4, 6],
  h: [2024, 1, 6, 5, 4, 6],
  m: [2024, 1, 6, 3, 5, 6],
  s: [2024, 1, 6, 3, 4, 7],
};
const CYCLES = ["h23", "h12", "h11", "h24"];
const MOMENT = Date.UTC(...START);

function* combinations(choices) {
  const [[letter, widths], ...rest] = choices;
  for (const width of widths) {
    const first = width === "" ? "" : letter + width;
    if (rest.length === 0) yield first;
    else for (const others of combinations(rest)) yield first + others;
  }
}

function optionsOf(key) {
  const options = {};
  for (let i = 0; i < key.length; i += 2) {
    options[OPTIONS[key[i]]] = key[i] === "S" ? Number(key[i + 1]) : WIDTHS[key[i + 1]];
  }
  return options;
}

const shown = (field) => (typeof field === "string" ? field : `{${field[0]}${field[1]}}`);

function add(patterns, cycle, key, pattern) {
  const base = { h23: "", h12: "", h11: "12", h24: "" }[cycle];
  if (cycle === "h23" || pattern !== (patterns[base + key] ?? patterns[key]))
    patterns[cycle === "h23" ? key : cycle.slice(1) + key] = pattern;
}

export function datePatterns(locale) {
  const make = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const part = (options, type, moment = MOMENT) =>
    make(options)
      .formatToParts(moment)
      .find((one) => one.type === type)?.value;
  const months = Array.from({ length: 12 }, (_, i) => Date.UTC(2024, i, 15));
  const days = Array.from({ length: 7 }, (_, i) => Date.UTC(2024, 8, 1 + i)); // from a Sunday
  const eras = [Date.UTC(-100, 0, 1), Date.UTC(2024, 0, 1)];
  const named = (moments, type, others) =>
    Object.fromEntries(
      ["w", "s", "l"].map((width) => [
        width,
        moments.map((moment) => part({ [type]: WIDTHS[width], ...others }, type, moment)),
      ]),
    );
  const names = {
    E: named(days, "weekday", { day: "numeric", month: "long" }),
    M: named(months, "month", { day: "numeric" }),
    L: named(months, "month", {}),
    G: named(eras, "era", { year: "numeric" }),
    a: [3, 15].map((hour) => part({ hour: "numeric", hourCycle: "h12" }, "dayPeriod", Date.UTC(2024, 0, 1, hour))),
    B: named(
      Array.from({ length: 48 }, (_, half) => Date.UTC(2024, 0, 1, 0, half * 30)),
      "dayPeriod",
      {
        hour: "numeric",
        minute: "numeric",
        hourCycle: "h12",
      },
    ),
  };

  function fieldOf({ type, value }, key, moment = MOMENT) {
    if (type === "literal") return value;
    const letter = FIELDS[type];
    if (letter === undefined) throw new Error(`a part of an unknown type: ${type}`);
    if (letter === "z") return ["z", ""];
    if (letter === "S") return ["S", ""];
    if (letter === "a")
      return key.includes("B") && names.B[key[key.indexOf("B") + 1]].includes(value) ? ["B", ""] : ["a", ""];
    if (/^\d+$/.test(value)) return [letter, value.length === 2 && (value[0] === "0" || letter === "y") ? "2" : "n"];
    const wanted = key[key.indexOf(letter) + 1];
    for (const width of [wanted, "s", "l", "w"]) {
      const index = { M: new Date(moment).getUTCMonth(), E: new Date(moment).getUTCDay(), G: 1 }[letter];
      if (names[letter][width]?.[index] === value) return [letter, width];
      if (letter === "M" && names.L[width]?.[index] === value) return ["L", width];
    }
    throw new Error(`the value ${value} of ${type} is unknown in ${locale}, ${key}`);
  }

  const patternOf = (key, options) =>
    make(options)
      .formatToParts(MOMENT)
      .map((one) => shown(fieldOf(one, key)))
      .join("");

  const dates = {};
  for (const key of combinations([
    ["E", NAMES],
    ["G", NAMES],
    ["y", NUMBERS],
    ["M", [...NUMBERS, "w", "s", "l"]],
    ["d", NUMBERS],
  ])) {
    if (key !== "") dates[key] = /^G.$/.test(key) ? `{${key}}` : patternOf(key, optionsOf(key)); // alone it is given company
  }

  // What is all of a pattern for the time, or with a weekday alone, which ICU has patterns of its own for. A key without a cycle is
  // one of h23; the others are stored where they differ from h23 or, with h11, from h12.
  const times = {};
  for (const cycle of CYCLES) {
    for (const key of combinations([
      ["E", ["", "s"]],
      ["B", ["", "l"]],
      ["h", NUMBERS],
      ["m", NUMBERS],
      ["s", NUMBERS],
      ["S", ["", "3"]],
      ["z", ["", "s", "l", "o", "p"]],
    ])) {
      if (key === "" || key === "Es" || (cycle !== "h23" && !key.includes("h"))) continue;
      const given = key.includes("h") ? { hourCycle: cycle } : {};
      add(times, cycle, key, /^z.$/.test(key) ? "{z}" : patternOf(key, { ...optionsOf(key), ...given })); // alone it is given a date
    }
  }

  for (const ofOffsets of ["zo", "zp"]) {
    const keys = Object.keys(times).filter((key) => key.endsWith(ofOffsets));
    const isOwn = keys.some((key) => times[key] !== times[key.replace(ofOffsets, "zs")]);
    if (!isOwn) for (const key of keys) delete times[key]; // an offset stands where a short name does
  }

  const glue = {};
  for (const key of combinations([
    ["E", ["", "s", "l"]],
    ["M", ["", "n", "s", "l"]],
  ])) {
    const parts = make({
      month: "numeric",
      ...optionsOf(key),
      day: "numeric",
      year: "numeric",
      hour: "numeric",
      hourCycle: "h23",
    }).formatToParts(MOMENT);
    const at = parts.findIndex(({ type }) => type === "hour");
    glue[key] = parts[at - 1].value;
  }
  const glueOf = (key) => {
    const width = (letter, narrow) =>
      key.includes(letter) ? letter + key[key.indexOf(letter) + 1].replace("w", "s").replace("2", narrow) : "";
    return glue[width("E", "") + width("M", "n")];
  };

  const styles = {};
  const STYLES = [undefined, "full", "long", "medium", "short"];
  for (const dateStyle of STYLES) {
    for (const timeStyle of STYLES) {
      if (dateStyle === undefined && timeStyle === undefined) continue;
      for (const hourCycle of timeStyle === undefined ? ["h23"] : CYCLES) {
        const widths = { full: "El", long: "", medium: "", short: "" }[dateStyle] ?? "";
        const given = timeStyle === undefined ? {} : { hourCycle };
        add(
          styles,
          hourCycle,
          `${dateStyle ?? ""}/${timeStyle ?? ""}`,
          patternOf(`${widths}Mlzs`, { dateStyle, timeStyle, ...given }),
        );
      }
    }
  }

  function rangeOf(key, options, end) {
    let source = "";
    const moment = Date.UTC(...end);
    return make(options)
      .formatRangeToParts(MOMENT, moment)
      .map((one) => {
        const field = fieldOf(one, key, one.source === "endRange" ? moment : MOMENT);
        const mark = one.source === source ? "" : SOURCES[one.source];
        source = one.source;
        return mark + shown(field);
      })
      .join("");
  }

  // Of dates alone, of times within a day, and what comes before the times: `+t` within a day, `+y` and the like beyond one, where
  // the times are `/x`.
  const ranges = {};
  for (const key of combinations([
    ["E", NAMES],
    ["y", NUMBERS],
    ["M", [...NUMBERS, "w", "s", "l"]],
    ["d", NUMBERS],
  ])) {
    if (key === "") continue;
    for (const [field, end] of Object.entries(ENDS)) {
      const found = rangeOf(key, optionsOf(key), end);
      if (found.includes(SOURCES.endRange)) ranges[`${key}/${field}`] = found;
    }
    for (const [field, end] of Object.entries({ t: TIME_ENDS.h, ...ENDS })) {
      const found = rangeOf(key, { ...optionsOf(key), hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, end);
      const before = found.slice(1, found.indexOf("{h")).replace(SOURCES.startRange, "");
      if (before !== dates[key] + glueOf(key)) ranges[`${key}+${field}`] = before;
    }
  }
  for (const cycle of CYCLES) {
    for (const key of combinations([
      ["h", ["n", "2"]],
      ["m", NUMBERS],
      ["s", NUMBERS],
      ["z", ["", "s"]],
    ])) {
      for (const [field, end] of Object.entries(TIME_ENDS)) {
        const found = rangeOf(key, { ...optionsOf(key), hourCycle: cycle }, end);
        if (found.includes(SOURCES.endRange)) add(ranges, cycle, `${key}/${field}`, found);
      }
      const beyond = rangeOf(key, { ...optionsOf(`ynMndn${key}`), hourCycle: cycle }, ENDS.d);
      add(ranges, cycle, `${key}/x`, beyond.slice(beyond.indexOf("{h"), beyond.indexOf(SOURCES.shared)));
    }
  }
  const whole = rangeOf("ynMndnhn", { ...optionsOf("ynMndnhn"), hourCycle: "h23" }, ENDS.y);
  const dash = whole.slice(whole.indexOf(SOURCES.shared) + 1, whole.indexOf(SOURCES.endRange));
  const cycleWith = (options) => make({ hour: "numeric", ...options }).resolvedOptions().hourCycle;
  const cycles = [cycleWith({}), cycleWith({ hour12: true }), cycleWith({ hour12: false })];
  const minus = part({ timeZone: "Etc/GMT+3", timeZoneName: "longOffset" }, "timeZoneName")[3];
  return { minus, dash, names, dates, times, glue, styles, ranges, cycles };
}
