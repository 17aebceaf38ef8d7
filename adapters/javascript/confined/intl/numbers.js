// Numbers as text, by FormatJS, and what it does differently from Node 20: (formatjs, differ) => { make, text, parts, range }.

(formatjs, differ) => {
  "use strict";

  const INCREMENTS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000];
  const TINY = 0.001;
  const MOST_GROUPED = 1e16;

  // Node takes a currency's number of digits in every notation; FormatJS, as later standards, in the standard one alone.
  function fractionDigits({ style, currency, notation = "standard", ...given }) {
    const { minimumFractionDigits: least, maximumFractionDigits: most } = given;
    const isGiven = least !== undefined || most !== undefined;
    if (style !== "currency" || notation === "standard" || (notation === "compact" && !isGiven)) return {};
    if (hasSignificant(given)) return {};
    const digits = new formatjs.NumberFormat("en", { style, currency }).resolvedOptions().maximumFractionDigits;
    return {
      minimumFractionDigits: least ?? Math.min(digits, most ?? digits),
      maximumFractionDigits: most ?? Math.max(digits, least ?? digits),
    };
  }

  const hasSignificant = (options) =>
    options.minimumSignificantDigits !== undefined || options.maximumSignificantDigits !== undefined;

  function check({ minimumSignificantDigits: least, maximumSignificantDigits: most, roundingIncrement, unit }, caller) {
    if (least > most) throw new RangeError("maximumSignificantDigits value is out of range.");
    if (roundingIncrement !== undefined && !INCREMENTS.includes(roundingIncrement)) {
      throw new RangeError("roundingIncrement value is out of range.");
    }
    if (unit === undefined) return;
    try {
      new formatjs.NumberFormat("en", { style: "unit", unit });
    } catch {
      throw new RangeError(`Invalid unit argument for ${caller}() '${unit}'`);
    }
  }

  function make(language, options, caller) {
    check(options, caller);
    if (options.unit === "percent" && options.unitDisplay === "narrow" && language.startsWith("es")) {
      differ("narrow-percent");
    }
    const given = { ...options, ...fractionDigits(options) };
    const make = (others) => new formatjs.NumberFormat(language, { ...given, ...others });
    const formatter = make({});
    const isCompact = options.notation === "compact";
    const digits =
      hasSignificant(given) || given.maximumFractionDigits !== undefined || given.minimumFractionDigits !== undefined
        ? {}
        : { maximumSignificantDigits: 2 };
    return {
      formatter,
      common: undefined,
      isCompact,
      isEnglish: language.startsWith("en"),
      isPercent: isCompact && options.style === "percent",
      plain: isCompact ? make({ notation: "standard", compactDisplay: undefined, ...digits }) : undefined,
    };
  }

  // ---- the common case: FormatJS takes some 0.7 ms a number, so what it puts around the digits is learnt from two numbers

  const COMMON = {
    notation: "standard",
    roundingMode: "halfExpand",
    roundingIncrement: 1,
    roundingPriority: "auto",
    signDisplay: "auto",
  };
  const EXACT_DIGITS = 15;

  function learn(formatter) {
    const options = formatter.resolvedOptions();
    const isCommon =
      Object.entries(COMMON).every(([name, value]) => options[name] === value) &&
      options.trailingZeroDisplay === "auto" &&
      options.minimumIntegerDigits === 1 &&
      options.maximumSignificantDigits === undefined &&
      options.style !== "unit" &&
      options.currencyDisplay !== "name";
    if (!isCommon) return undefined;
    const isPercent = options.style === "percent";
    const valueOf = (all, name) => all.find(({ type }) => type === name)?.value ?? "";
    const long = formatter.formatToParts((isPercent ? 0.01 : 1) * 12345.123456789);
    return {
      isPercent,
      least: options.minimumFractionDigits,
      most: options.maximumFractionDigits,
      decimal: valueOf(long, "decimal"),
      group: valueOf(long, "group"),
      ungrouped: valueOf(formatter.formatToParts(isPercent ? 12.34 : 1234), "group") === "" ? 4 : 3,
      positive: around(formatter.formatToParts(1)),
      negative: around(formatter.formatToParts(-1)),
    };
  }

  function around(all) {
    const isDigits = ({ type }) => ["integer", "group", "decimal", "fraction"].includes(type);
    const texts = (some) => some.map(({ value }) => value).join("");
    return [texts(all.slice(0, all.findIndex(isDigits))), texts(all.slice(all.findLastIndex(isDigits) + 1))];
  }

  // A decimal text, rounded half away from zero, as ICU rounds the shortest decimal of a double.
  function quickly({ isPercent, least, most, decimal, group, ungrouped, positive, negative }, value) {
    const isNegative = value < 0 || Object.is(value, -0);
    const digits = String(value);
    const start = digits[0] === "-" ? 1 : 0;
    const point = digits.indexOf(".");
    let whole = point < 0 ? digits.slice(start) : digits.slice(start, point);
    let fraction = point < 0 ? "" : digits.slice(point + 1);
    if (isPercent) {
      whole = (whole + fraction.slice(0, 2).padEnd(2, "0")).replace(/^0+(?=.)/, "");
      fraction = fraction.slice(2);
    }
    if (fraction.length > most) {
      const isUp = fraction.charCodeAt(most) >= 53;
      fraction = fraction.slice(0, most);
      if (isUp) {
        const all = whole + fraction;
        const next = (all.length <= EXACT_DIGITS ? String(Number(all) + 1) : String(BigInt(all) + 1n)).padStart(
          all.length,
          "0",
        );
        whole = next.slice(0, next.length - most);
        fraction = next.slice(next.length - most);
      }
    }
    let length = fraction.length;
    while (length > least && fraction[length - 1] === "0") length--;
    fraction = fraction.slice(0, length).padEnd(least, "0");
    if (group !== "" && whole.length > ungrouped) whole = grouped(whole, group);
    const [before, after] = isNegative ? negative : positive;
    return before + whole + (fraction === "" ? "" : decimal + fraction) + after;
  }

  function grouped(whole, group) {
    let end = whole.length % 3 || 3;
    let text = whole.slice(0, end);
    for (; end < whole.length; end += 3) text += group + whole.slice(end, end + 3);
    return text;
  }

  // A number that JavaScript writes without an exponent.
  const isShort = (value) =>
    typeof value === "bigint" ||
    (typeof value === "number" && (value === 0 || (Math.abs(value) >= 1e-6 && Math.abs(value) < 1e21)));

  const isFinite = (value) => typeof value !== "number" || Number.isFinite(value);
  const isTiny = (value) => typeof value === "number" && value !== 0 && Math.abs(value) < TINY;

  function reportGroups(made, value) {
    if (made.isCompact && Math.abs(Number(value)) > MOST_GROUPED) differ("compact");
  }

  function range({ formatter }, method, start, end) {
    const { style, currencyDisplay } = formatter.resolvedOptions();
    const isPlain = style !== "unit" && style !== "percent" && currencyDisplay !== "name";
    if (!isPlain || Number(start) < 0 || Number(end) < 0) differ("number-range");
    return formatter[method](start, end);
  }

  function parts(made, value) {
    reportGroups(made, value);
    if (made.isCompact && isTiny(value)) return made.plain.formatToParts(value);
    const found = made.formatter.formatToParts(value);
    if (made.isPercent) return withPercentSign(found, made.plain);
    return made.isEnglish && !isFinite(value)
      ? found.filter((part, i) => part.value !== "\u00a0" || !isBetween(found, i))
      : found;
  }

  // The space that parts a currency's letters from digits, and from nothing else.
  const isBetween = (all, i) => all[i - 1]?.type === "currency";

  function withPercentSign(found, plain) {
    const all = plain.formatToParts(1);
    const sign = all.slice(all.findLastIndex(({ type }) => type === "integer" || type === "fraction") + 1);
    const whole = found.some(({ type }) => type === "percentSign") ? found : [...found, ...sign];
    return whole.map(({ type, value }) => ({ type: type === "percentSign" ? "unit" : type, value }));
  }

  function text(made, value) {
    if (made.common === undefined) made.common = learn(made.formatter) ?? null;
    if (made.common !== null && isShort(value)) return quickly(made.common, value);
    reportGroups(made, value);
    if (!made.isCompact && isFinite(value)) return made.formatter.format(value);
    return parts(made, value)
      .map((part) => part.value)
      .join("");
  }

  return { make, text, parts, range };
};
