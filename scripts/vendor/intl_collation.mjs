// The order of Latin letters, digits, punctuation and common symbols in ICU's root collation, found by comparing.
//
// `groups` are in the order of their primary weights; a group is a list of accents, an accent a list of variants (such as cases), a
// variant a text of characters that compare as equal. `variable` groups, the first ones, are white space and punctuation.
// `marks` are accents by weight, `expansions` compare as the characters that they stand for, `ignored` as nothing.

const { compare } = new Intl.Collator("en");
const { compare: compareAccents } = new Intl.Collator("en", { sensitivity: "accent" });
const { compare: compareBases } = new Intl.Collator("en", { sensitivity: "base" });
const { compare: compareShifted } = new Intl.Collator("en", { ignorePunctuation: true });

const RANGES = [
  [0, 0x17f],
  [0x2010, 0x2027],
  [0x2030, 0x205f],
];
const SYMBOLS = "\u2002\u2003\u2009\u202f€₤₽№™→←↑↓√∞≈≠≤≥";
const STROKES = ["\u0335", "\u0338"];
const PAIRS = { æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ß: "ss" };

function characters() {
  const found = new Set(SYMBOLS);
  for (const [first, last] of RANGES) for (let code = first; code <= last; code++) found.add(String.fromCharCode(code));
  return [...found];
}

function strokedOf(character, all) {
  for (const base of all) {
    for (const stroke of STROKES)
      if (base !== character && compare(base + stroke, character) === 0) return base + stroke;
  }
  return undefined;
}

export function collation() {
  const all = characters();
  const letters = all.filter((one) => /[A-Za-z]/.test(one));
  const expansions = {};
  const ignored = all.filter((one) => compare(one, "") === 0);
  const plain = [];
  for (const one of all) {
    if (ignored.includes(one) || one.normalize("NFD") !== one) continue;
    const compatible = one.normalize("NFKD");
    const equivalent = PAIRS[one] ?? strokedOf(one, letters) ?? (compatible.length > 1 ? compatible : undefined);
    if (equivalent !== undefined && compareBases(one, equivalent) === 0) expansions[one] = equivalent;
    else plain.push(one);
  }
  plain.sort((one, other) => compare(one, other) || one.codePointAt(0) - other.codePointAt(0));
  const groups = [];
  let before;
  for (const one of plain) {
    if (before === undefined || compareBases(before, one) !== 0) groups.push([[one]]);
    else if (compareAccents(before, one) !== 0) groups.at(-1).push([one]);
    else if (compare(before, one) !== 0) groups.at(-1).at(-1).push(one);
    else
      groups
        .at(-1)
        .at(-1)
        .push(groups.at(-1).at(-1).pop() + one);
    before = one;
  }
  const marks = Array.from({ length: 0x70 }, (_, i) => String.fromCharCode(0x300 + i))
    .filter((mark) => mark.normalize("NFD") === mark && compare(`a${mark}`, "a") !== 0)
    .sort((one, other) => compare(`a${one}`, `a${other}`))
    .reduce((list, mark) => {
      if (list.length > 0 && compare(`a${list.at(-1)[0]}`, `a${mark}`) === 0) list.push(list.pop() + mark);
      else list.push(mark);
      return list;
    }, []);
  const variable = groups.filter(([[[first]]]) => compareShifted(first, "") === 0).length;
  return { groups, variable, marks, expansions, ignored: ignored.join("") };
}
