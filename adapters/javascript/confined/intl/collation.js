// The order of texts: (locales, { groups, variable, marks, expansions, ignored }, differ) => { make, compare, resolved }.
//
// Characters that the table does not have come after all others, by their code points.

(locales, table, differ) => {
  "use strict";

  const OUTSIDE = 1 << 22;
  const NUMBER = 1 << 21; // more than any weight of a character in the table
  const TAILORED = { es: { n: "\u0303" } }; // a letter of its own: the base and the mark
  const FAST = 0x180;

  const primary = new Map();
  const accents = new Map();
  const variants = new Map();
  table.groups.forEach((group, i) =>
    group.forEach((accent, j) =>
      accent.forEach((variant, k) => {
        for (const character of variant) {
          primary.set(character, 4 * (i + 1));
          accents.set(character, j);
          variants.set(character, k);
        }
      }),
    ),
  );
  const marks = new Map();
  table.marks.forEach((alike, i) => {
    for (const mark of alike) marks.set(mark, table.groups.length + i + 1);
  });
  const ignored = new Set(table.ignored);
  const lastVariable = 4 * table.variable;
  const [zero, nine, currency] = ["0", "9", "¤"].map((character) => primary.get(character));

  // An element is [primary, accent, variant]; a mark has no primary weight.
  function elementsOf(text, tailored) {
    const elements = [];
    for (const character of text.normalize("NFD")) {
      if (ignored.has(character)) continue;
      const mark = marks.get(character);
      if (mark !== undefined) {
        const before = elements.at(-1);
        if (before !== undefined && tailored !== undefined && tailored[before.letter] === character) {
          before.primary += 1;
          before.letter = "";
        } else elements.push({ primary: 0, accent: mark, variant: 0, letter: "" });
        continue;
      }
      const expansion = table.expansions[character];
      if (expansion === undefined) elements.push(elementOf(character));
      else expand(expansion, elements);
    }
    return elements;
  }

  function expand(expansion, elements) {
    for (const character of expansion) {
      if (marks.has(character)) elements.push({ primary: 0, accent: marks.get(character), variant: 0, letter: "" });
      else elements.push({ ...elementOf(character), variant: (variants.get(character) ?? 0) + 4 });
    }
  }

  const elementOf = (character) => ({
    primary: primary.get(character) ?? weightOutside(character),
    accent: accents.get(character) ?? 0,
    variant: variants.get(character) ?? 0,
    letter: character.toLowerCase(),
  });

  // Symbols come before currencies and digits, letters after those of the table.
  const weightOutside = (character) =>
    (/[\p{S}\p{P}]/u.test(character) ? currency - 2 : OUTSIDE) + character.codePointAt(0) / 2 ** 21;

  // In ICU too, letters outside come after those of the table, and symbols outside before currencies; all else is not known of
  // them.
  const isOutside = (weight) => !Number.isInteger(weight);

  function isUnknown(one, other) {
    const [outside, rival] = isOutside(one) ? [one, other] : [other, one];
    if (!isOutside(outside)) return false;
    return outside > OUTSIDE ? rival > OUTSIDE : rival < currency;
  }

  function comparePrimaries(one, other) {
    const at = one.findIndex((weight, i) => weight !== other[i]);
    if (at >= 0 && at < other.length && isUnknown(one[at], other[at])) differ("order");
    return compareLists(one, other);
  }

  const isVariable = (element) => element.primary > 0 && element.primary <= lastVariable;

  // Without punctuation, and the marks on it, which still end a run of digits.
  function withoutVariable(elements) {
    let isDropped = false;
    const rest = [];
    for (const element of elements) {
      const isAfter = isDropped;
      if (element.primary > 0) isDropped = isVariable(element);
      if (!isDropped) rest.push(isAfter ? { ...element, isAfter } : element);
    }
    return rest;
  }

  function primaries(elements, isNumeric) {
    const weights = [];
    for (let i = 0; i < elements.length; i++) {
      const weight = elements[i].primary;
      if (isNumeric && isDigit(elements[i])) {
        let end = i;
        const run = [];
        while (end < elements.length && isDigit(elements[end]) && (end === i || !elements[end].isAfter))
          run.push(elements[end++].primary);
        while (run.length > 1 && run[0] === zero) run.shift();
        weights.push(zero - 1, NUMBER + run.length, ...run);
        i = end - 1;
      } else if (weight > 0) weights.push(weight);
    }
    return weights;
  }

  const isDigit = ({ primary: weight, variant }) => weight >= zero && weight <= nine && variant === 0;

  function compareLists(one, other) {
    for (let i = 0; i < one.length && i < other.length; i++) if (one[i] !== other[i]) return one[i] < other[i] ? -1 : 1;
    return Math.sign(one.length - other.length);
  }

  function compareSlowly(one, other, { tailored, numeric, ignorePunctuation, sensitivity, caseFirst }) {
    let [a, b] = [elementsOf(one, tailored), elementsOf(other, tailored)];
    if (ignorePunctuation) [a, b] = [withoutVariable(a), withoutVariable(b)];
    const base = comparePrimaries(primaries(a, numeric), primaries(b, numeric));
    if (base !== 0 || sensitivity === "base") return base;
    if (sensitivity !== "case") {
      const accent = compareLists(
        a.map((element) => element.accent),
        b.map((element) => element.accent),
      );
      if (accent !== 0 || sensitivity === "accent") return accent;
    }
    const levels =
      sensitivity === "case" || caseFirst !== "false"
        ? [caseOf(caseFirst), (element) => element.variant]
        : [(element) => element.variant];
    if (sensitivity === "case") levels.pop();
    for (const level of levels) {
      const found = compareLists(a.filter(hasPrimary).map(level), b.filter(hasPrimary).map(level));
      if (found !== 0) return found;
    }
    return 0;
  }

  const hasPrimary = ({ primary: weight }) => weight > 0;
  const caseOf =
    (caseFirst) =>
    ({ variant }) =>
      (variant % 4 === 1) === (caseFirst === "upper") ? 0 : 1;

  // Of the first characters, those that are one letter with at most one mark.
  function simpleElements(tailored) {
    return Array.from({ length: FAST }, (_, code) => {
      const character = String.fromCharCode(code);
      const [first, second, third] = elementsOf(character, tailored);
      const isSimple =
        first !== undefined &&
        first.primary > 0 &&
        third === undefined &&
        (second === undefined || second.primary === 0) &&
        (code < 128 || character.normalize("NFD") !== character);
      return isSimple ? [first.primary, second === undefined ? first.accent : second.accent, first.variant] : undefined;
    });
  }

  const simple = { root: simpleElements(undefined), es: simpleElements(TAILORED.es) };

  const isDigitCode = (code) => code >= 48 && code <= 57;

  function endOfDigits(text, start) {
    let end = start;
    while (end < text.length && isDigitCode(text.charCodeAt(end))) end++;
    return end;
  }

  function firstDigit(text, start, end) {
    let first = start;
    while (first < end - 1 && text[first] === "0") first++;
    return first;
  }

  // Undefined where that takes more than a look at each character.
  function compareFast(one, other, { simple: elements, numeric, sensitivity }) {
    let [i, j, base, accent, variant] = [0, 0, 0, 0, 0];
    while (i < one.length || j < other.length) {
      if (numeric && isDigitCode(one.charCodeAt(i)) && isDigitCode(other.charCodeAt(j))) {
        const [end, otherEnd] = [endOfDigits(one, i), endOfDigits(other, j)];
        const [digits, otherDigits] = [
          one.slice(firstDigit(one, i, end), end),
          other.slice(firstDigit(other, j, otherEnd), otherEnd),
        ];
        if (digits.length !== otherDigits.length) return digits.length < otherDigits.length ? -1 : 1;
        if (digits !== otherDigits) return digits < otherDigits ? -1 : 1;
        [i, j] = [end, otherEnd];
        continue;
      }
      const a = i < one.length ? elements[one.charCodeAt(i++)] : null;
      const b = j < other.length ? elements[other.charCodeAt(j++)] : null;
      if (a === undefined || b === undefined) return undefined;
      if (a === null || b === null) base = a === null ? -1 : 1;
      else if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
      else {
        accent ||= a[1] - b[1];
        variant ||= a[2] - b[2];
      }
    }
    if (base !== 0 || sensitivity === "base") return base;
    if (accent !== 0 || sensitivity === "accent") return Math.sign(accent);
    return Math.sign(variant);
  }

  const LANGUAGES = new Set(["en", "es", "pt"]);
  const ACCEPTED = {
    co: () => false,
    kn: (value) => ["", "true", "false"].includes(value),
    kf: (value) => ["upper", "lower", "false"].includes(value),
  };

  const hasOrder = (tag) => LANGUAGES.has(tag.split("-")[0]);

  function make(tags, options) {
    const asked = tags === "" ? [] : tags.split(",");
    const carried = asked.filter(hasOrder).join(",");
    if (asked.length > 0 && !hasOrder(asked[0])) differ("locale");
    const chosen = { kn: options.numeric === undefined ? undefined : String(options.numeric), kf: options.caseFirst };
    const { locale, data, keywords } = locales.resolve(carried, "Collator", ACCEPTED, chosen);
    const numeric = options.numeric ?? ("kn" in keywords && keywords.kn !== "false");
    const tailored = TAILORED[data];
    const { sensitivity = "variant", ignorePunctuation = false, usage = "sort" } = options;
    const caseFirst = options.caseFirst ?? keywords.kf ?? "false";
    const isPlain = !ignorePunctuation && caseFirst === "false" && sensitivity !== "case";
    return {
      locale,
      tailored,
      numeric,
      ignorePunctuation,
      sensitivity,
      usage,
      caseFirst,
      isPlain,
      simple: simple[data] ?? simple.root,
    };
  }

  function compare(collator, one, other) {
    if (one === other) return 0;
    return (collator.isPlain ? compareFast(one, other, collator) : undefined) ?? compareSlowly(one, other, collator);
  }

  const resolved = ({ locale, usage, sensitivity, ignorePunctuation, numeric, caseFirst }) => ({
    locale,
    usage,
    sensitivity,
    ignorePunctuation,
    collation: "default",
    numeric,
    caseFirst,
  });

  return { make, compare, resolved };
};
