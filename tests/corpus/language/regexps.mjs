// Regular expressions: generated patterns and what they find, the protocols around them, and which texts are patterns at all.
//
//     TZ=UTC node tests/corpus/language/regexps.mjs > tests/corpus/language/regexps.jsonl.gz
//
// Nothing here takes long: no quantifier stands on what has another one inside, and the texts are short.

import "./answer.js";
import { chance, write } from "../globals/chance.mjs";

const [seed = 20261128, rounds = 1] = process.argv.slice(2).map(Number);
const { below, many, one } = chance(seed);
const codes = [];
const add = (count, make) => {
  for (let i = 0; i < count * rounds; i++) codes.push(make());
};
const quoted = (value) =>
  JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

// ---- patterns

const LETTERS = ["a", "b", "ab", "A", "B", "x", "1", "_", "-", " ", ",", "\\n", "é", "É", "ß", "ſ", "K", "k", "s", "σ", "ς", "Σ", "İ", "ı", "i", "I", "ǆ", "ǅ", "Å", "å", "µ", "μ"];
const ESCAPES = ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\x41", "\\u0061", "\\cJ", "\\0", "\\t", "\\.", "\\/", "\\\\", "\\$"];
const PROPERTIES = [
  "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "N", "Nd", "Nl", "No", "P", "Pd", "Ps", "Sc", "Sm", "So", "Z", "Zs", "Cc", "Cf", "Cn", "Co", "Cs",
  "Letter", "General_Category=Uppercase_Letter", "gc=Nd", "Alphabetic", "Alpha", "ASCII", "Any", "Assigned", "Uppercase", "Lowercase", "White_Space",
  "Emoji", "Emoji_Presentation", "Emoji_Modifier", "Emoji_Modifier_Base", "Emoji_Component", "Extended_Pictographic", "RI", "ID_Start", "ID_Continue",
  "XIDS", "Cased", "Case_Ignorable", "CI", "Dash", "Hex_Digit", "AHex", "Ideographic", "Diacritic", "Math", "Quotation_Mark", "Changes_When_Lowercased", "CWU",
  "CWKCF", "Default_Ignorable_Code_Point", "Variation_Selector", "Noncharacter_Code_Point", "Script=Latin", "sc=Grek", "Script=Cyrillic", "sc=Han",
  "scx=Deva", "Script_Extensions=Latin", "scx=Zyyy", "sc=Zinh", "Script=Hiragana", "scx=Arab", "sc=Hang", "Script=Thai", "scx=Hira",
];
const SETS = ["[abc]", "[^abc]", "[a-f]", "[^a-z]", "[\\d.]", "[\\w-]", "[^\\s]", "[A-Za-zÀ-ÿ]", "[\\b]", "[é-ü]", "[^]", "[]", "[-a]", "[\\]x]", "[^\\W\\d]", "[α-ω]", "[\\u0000-\\u007f]", "[K]", "[ſ]", "[^ſK]", "[i-k]", "[A-Z]"];
const UNICODE_SETS = ["[\\p{L}--[a-z]]", "[\\w&&\\D]", "[\\q{abc|d|}x]", "[[a-z]--b]", "[\\p{Lu}&&\\p{ASCII}]", "[^\\d]", "[\\p{L}\\d]", "[a-c[x-z]]", "\\p{RGI_Emoji}", "\\p{Emoji_Keycap_Sequence}", "[\\p{Emoji}--\\d]", "\\p{RGI_Emoji_Flag_Sequence}"];
const LOOKS = ["(?=", "(?!", "(?<=", "(?<!"];
const QUANTIFIERS = ["*", "+", "?", "{2}", "{1,}", "{0,2}", "{0}"];

function atom(state) {
  const kind = below(10);
  if (kind < 4) return one(LETTERS);
  if (kind === 4) return one(ESCAPES);
  if (kind === 5) return ".";
  if (kind === 6 && /[uv]/.test(state.flags)) return `\\${one("pP")}{${one(PROPERTIES)}}`;
  if (kind === 7 && state.flags.includes("v")) return one(UNICODE_SETS);
  return state.flags.includes("v") ? one(["[abc]", "[^abc]", "[a-f]", "[\\d\\.]", "[^\\s]", "[A-Z]", "[α-ω]"]) : one(SETS);
}

function term(state, depth) {
  const kind = below(14);
  if (kind === 0) return one(["^", "$", "\\b", "\\B"]);
  if (kind === 1 && depth < 3) return `${one(LOOKS)}${alternatives(state, depth + 1)})`;
  if (kind === 2 && state.groups > 0) return `\\${1 + below(state.groups)}`;
  if (kind === 3 && state.names.length > 0) return `\\k<${one(state.names)}>`;
  if (kind <= 6 && depth < 3) {
    const shape = below(3);
    let open = "(?:";
    if (shape > 0) {
      state.groups++;
      open = "(";
      if (shape === 2 && state.named) {
        open = `(?<n${state.groups}>`;
        state.names.push(`n${state.groups}`);
      }
    }
    const inner = alternatives(state, depth + 1, true);
    return `${open}${inner})${below(2) ? one(["?", "*", "+?", "{2}", "??", "+"]) : ""}`;
  }
  return atom(state) + (depth < 2 && below(3) === 0 ? one(QUANTIFIERS) + (below(3) ? "" : "?") : "");
}

const sequence = (state, depth) => Array.from({ length: 1 + below(3) }, () => term(state, depth)).join("");
function alternatives(state, depth) {
  return Array.from({ length: below(4) ? 1 : 2 + below(2) }, () => (below(8) ? sequence(state, depth) : "")).join("|");
}

const FLAGS = ["", "", "g", "i", "m", "s", "u", "v", "y", "d", "gi", "iu", "iv", "gm", "gu", "gv", "gy", "dg", "imsu", "giu", "gimsuy", "dgimsvy", "diu", "my"];
// A hyphen under the flag v is a matter of syntax (below).
const pattern = (flags) => {
  const made = alternatives({ flags, groups: 0, names: [], named: below(3) === 0 }, 0);
  return flags.includes("v") ? made.replace(/(?<!\[[^\]]*)-/g, "_") : made;
};
const TEXTS = [
  "", "a", "ab", "abab", "aabb", "AB ab", "a1b2", "a-b_c", "x,y,,z", "line\nnext\r\nlast", "éÉßſKks", "σςΣ", "İıiI", "ǆǅǄ", "Åå", "µμ", "😀a😀", "👩‍💻 1️⃣🇧🇷", "\ud83d\ude00\ud83d",
  "São Paulo", "JOSÉ josé", "R$ 1.234,56", "2024-03-15T10:20", "Ünïcode", "日本語テキスト", "абв АБВ", "\u2028a\u2029", " \t\u00a0", "aaaaaaaa", "abcabcabc", "__proto__", "ﬀﬃ", "ẞß", "𐐀𐐨", "\0\n",
];
const text = () => quoted(below(3) ? one(TEXTS) : many(3, () => one(TEXTS)).join("").slice(0, 20));
const expression = (flags = one(FLAGS)) => `new RegExp(${quoted(pattern(flags))}, "${flags}")`;
const sure = (flags) => one(FLAGS.filter((each) => each.includes(flags)));

add(2200, () => `return ${expression()}.exec(${text()})`);
add(500, () => `const r = ${expression(sure("g"))}, s = ${text()}; return [s.match(r), s.replace(r, "[$&|$1|$<n1>]"), r.lastIndex]`);
add(400, () => `return [...${text()}.matchAll(${expression(sure("g"))})].map((m) => [m.index, ...m])`);
add(300, () => `return ${text()}.split(${expression()}${one(["", "", ", 2", ", 0"])})`);
add(300, () => `return ${text()}.replace(${expression()}, (...a) => JSON.stringify(a))`);
add(250, () => `const r = ${expression(one(["g", "y", "gy", "gu", "yu", "dy", ""]))}; r.lastIndex = ${one(["0", "1", "2", "5", "-1", "'1'", "NaN", "1.5", "2**32", "100"])}; const s = ${text()}; return [r.test(s), r.lastIndex, r.exec(s), r.lastIndex, s.search(r), r.lastIndex]`);
add(250, () => `const m = ${expression(sure("d"))}.exec(${text()}); return m && [m.indices, m.indices.groups]`);
add(150, () => `const m = ${expression(one(["", "u", "i"]))}.exec(${text()}); return m && [Object.keys(m), {...m}, m.groups && Object.entries(m.groups), m.groups === undefined || Object.getPrototypeOf(m.groups)]`);

// ---- folding of case: every pair of letters that some rule takes for one

const FOLDED = [..."kKKsSſiIİıßẞσςΣåÅÅµμΜéÉǆǅǄﬁﬅﬆθϑΘϴωΩΩаАꙋᲈꙊаꭰᎠ𐐀𐐨ÿŸᾳᾼΐΐȺⱥჁⴡᲑბ"];
for (const flags of ["i", "iu", "iv"]) {
  for (const letter of FOLDED) {
    codes.push(`return ${quoted(FOLDED)}.filter((c) => new RegExp(${quoted(letter)}, "${flags}").test(c)).join("")`);
    codes.push(`return ${quoted(FOLDED)}.filter((c) => new RegExp("[^" + ${quoted(letter)} + "]", "${flags}").test(c)).join("")`);
  }
  for (const set of ["\\w", "\\W", "[\\w]", "[^\\W]", "[^\\w]", "[\\W]", "\\b.", "[a-z]", "[^a-z]", "[A-Z]", "[à-ÿ]", "[\\u0100-\\u017f]", "[^x]", "[k-s]", "[^k-s]", "[α-ω]", "[\\s\\S]", "\\d"]) {
    codes.push(`return ${quoted(FOLDED)}.filter((c) => new RegExp(${quoted(set)}, "${flags}").test(c)).join("")`);
  }
}
for (const flags of ["u", "iu", "v", "iv"]) {
  for (const set of ["\\p{Lu}", "\\P{Lu}", "[\\p{Lu}]", "[^\\p{Lu}]", "[\\P{Lu}]", "[^\\P{Lu}]", "\\p{Ll}", "[^\\p{Ll}\\d]", "\\p{Lt}", "\\P{L}", "\\p{Uppercase}", "\\p{sc=Grek}", "\\P{ASCII}"]) {
    codes.push(`return ${quoted(FOLDED)}.filter((c) => new RegExp(${quoted(set)}, "${flags}").test(c)).join("")`);
  }
}

// ---- properties of characters, by the ranges that they have among the characters of all planes in use

const MORE = [
  "Ahom", "Armn", "Beng", "Bopo", "Brai", "Cher", "Copt", "Dsrt", "Ethi", "Geor", "Goth", "Gujr", "Guru", "Hebr", "Kana", "Khmr", "Lao", "Mlym", "Mong", "Mymr", "Ogam",
  "Orya", "Phnx", "Runr", "Sinh", "Syrc", "Taml", "Telu", "Tibt", "Xsux", "Yiii", "Zzzz", "Adlm", "Nkoo", "Vaii", "Cans", "Tfng", "Lisu", "Bamu", "Kawi", "Nagm",
].flatMap((script) => [`sc=${script}`, `scx=${script}`]);
const CATEGORIES = "LC Mc Me Pc Pe Pi Pf Po Sk S Zl Zp C Punctuation punct Symbol Separator Mark Combining_Mark Number digit Other".split(" ");
const BINARY = `Bidi_Control Bidi_C Bidi_M Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM CWL Changes_When_Titlecased CWT Changes_When_Uppercased Deprecated
 Ext Extender Grapheme_Base Gr_Base Grapheme_Extend IDS_Binary_Operator IDSB IDST IDC Join_Control Logical_Order_Exception LOE Pattern_Syntax Pat_WS Radical Sentence_Terminal
 STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo VS XID_Continue XID_Start space EBase EComp EMod EPres ExtPict Regional_Indicator
 Other_Alphabetic Line_Break East_Asian_Width Block=Basic_Latin In_Greek lu alphabetic Script=latin Age=6.0 sc sc= =Latin L= General_Category`.split(/\s+/);
for (const name of [...PROPERTIES, ...MORE, ...CATEGORIES, ...BINARY]) {
  codes.push(`return ranges(/\\p{${name}}+/gu)`);
}
for (const set of ["\\s+", "\\w+", "\\d+", ".+", "\\b", "[^\\S]+", "\\W+", "^", "$"]) {
  for (const flags of ["g", "gi", "gu", "giu", "gs", "gv", "gm"]) codes.push(`return ranges(new RegExp(${quoted(set)}, "${flags}"))`);
}

// ---- which texts are patterns

const PIECES = [
  "a", "b", "(", ")", "[", "]", "{", "}", "|", "*", "+", "?", "^", "$", ".", "\\", "/", "-", ",", "1", "2", "0", ":", "=", "!", "<", ">", "(?:", "(?=", "(?!", "(?<=", "(?<!",
  "(?<n>", "(?<m>", "(?<é>", "(?<\\u0061>", "(?<1>", "\\1", "\\2", "\\9", "\\0", "\\00", "\\01", "\\8", "\\k", "\\k<n>", "\\k<m>", "\\b", "\\B", "\\d", "\\w-", "\\p", "\\p{L}", "\\P{Lu}",
  "\\p{Foo}", "\\u", "\\u{61}", "\\u{110000}", "\\u00", "\\x", "\\x4", "\\x41", "\\c", "\\cA", "\\c1", "\\-", "\\_", "\\é", "\\a", "{1}", "{1,}", "{1,2}", "{2,1}", "{,2}", "{a}", "&&", "--",
  "\\q{a}", "[^", "[]", "[^]", "[a-", "z-a", "\\d-z", "(?", "(?#", "(?i:", "(?-i:", "\\ud83d\\ude00", "😀", "\n", "\u2028", "{99999999999}", "+?", "*?", "??", "**", "(?<n", "(?<$>", "\\k<", "[[", "]]", "~~", "!!", "[[:alpha:]]",
];
const SYNTAX_FLAGS = ["", "", "", "u", "u", "v", "v", "i", "g"];
add(2000, () => `const r = new RegExp(${quoted(Array.from({ length: 1 + below(5) }, () => one(PIECES)).join(""))}, "${one(SYNTAX_FLAGS)}"); return [r.source, r.exec(${text()})]`);
const LITERAL = PIECES.filter((piece) => !/[\n\u2028/]/.test(piece));
add(300, () => `return /${Array.from({ length: 1 + below(4) }, () => one(LITERAL)).join("").replace(/^[*?]|\\$/g, "a")}/${one(SYNTAX_FLAGS)}.exec(${text()})`);
for (const flags of ["gg", "uv", "x", "gimsuyd", "dgimsvy", "G", " ", "undefined", "null", "ug", "yv", "\\u0067"]) {
  codes.push(`return new RegExp("a", "${flags}")`, `const r = /a/; return r.compile("b", "${flags}")`, `return RegExp(/a/g, "${flags}")`);
}

// ---- the object itself and the protocols around it

const MAKERS = ["/a/", "/a/gi", "/[/]\\//u", "new RegExp('')", "new RegExp('/')", "new RegExp('\\n')", "new RegExp('[/]')", "new RegExp('\\\\/')", "new RegExp(undefined)", "new RegExp(null)", "new RegExp(12)", "new RegExp(/a/g)", "RegExp(/a/y, 'i')", "new RegExp('\\u2028')", "new RegExp('a', 'dgimsuy')", "new RegExp({source: 'q', flags: 'g', [Symbol.match]: 1})", "new (class extends RegExp {})('(a)', 'g')", "RegExp.prototype", "new RegExp('\\\\\\n')", "new RegExp(['a', 'b'])"];
const ASKED = ["source", "flags", "global", "ignoreCase", "multiline", "dotAll", "unicode", "unicodeSets", "sticky", "hasIndices", "lastIndex", "toString()", "constructor.name", "exec('ab')", "test('ba')", "exec()", "test()", "compile('x', 'g')", "[Symbol.replace]('aba', '<$&>')", "[Symbol.split]('bab')", "[Symbol.match]('aba')", "[Symbol.search]('ba')", "[Symbol.matchAll]('aba')"];
for (const maker of MAKERS) for (const asked of ASKED) codes.push(`return (${maker})${asked.startsWith("[") ? "" : "."}${asked}`);
const OWN = [
  "exec(s) { const m = super.exec(s); log.push(m && m.index); return m; }",
  "get flags() { log.push('flags'); return super.flags; }",
  "get global() { log.push('global'); return true; } exec() { log.push('exec'); return log.length > 4 ? null : {index: 1, 0: 'b', length: 1}; }",
  "exec() { return log.push(1) > 3 ? null : ['x']; }", "exec() { return 5; }", "static get [Symbol.species]() { log.push('species'); return RegExp; }",
  "get lastIndex() { return 1; }", "[Symbol.match]() { return 'own'; }", "get unicode() { log.push('unicode'); return super.unicode; }", "exec() { return null; }",
  "exec(s) { return log.push(1) > 3 ? null : {index: 2, 0: 'ab', groups: {n: 'G'}, length: 2, 1: 'one'}; }", "test() { return 'own'; }",
];
for (const own of OWN) {
  for (const flags of ["", "g", "gu", "y"]) {
    for (const call of ["s.replace(r, '<$&$1$<n>>')", "s.split(r)", "s.match(r)", "[...s.matchAll(r)].length", "s.search(r)", "r.test(s)", "s.replaceAll(r, 'x')", "s.replace(r, (...a) => a.length)"]) {
      codes.push(`const log = []; class Own extends RegExp { ${own} } const r = new Own('(?<n>a)|b', '${flags}'), s = 'abcab'; const found = ${call}; return [found, log]`);
    }
  }
}
for (const name of ["exec", "test", "toString", "compile", "flags", "source", "global", "sticky", Symbol.replace, Symbol.split, Symbol.match, Symbol.matchAll, Symbol.search]) {
  const key = typeof name === "symbol" ? `[${name.description}]` : `.${name}`;
  const access = typeof name === "symbol" ? name.description : `"${name}"`;
  codes.push(`const d = Object.getOwnPropertyDescriptor(RegExp.prototype, ${access}); return [typeof d.value, d.enumerable, d.configurable, (d.value ?? d.get).name, (d.value ?? d.get).length]`);
  for (const self of ["null", "1", "{}", "'a'", "RegExp.prototype", "{flags: 'g', exec() { return null; }, lastIndex: 3}"]) codes.push(`return Reflect.apply(Reflect.get(RegExp.prototype, ${access}, /b/g) ?? 0, ${self}, ["aba", "x"])${key ? "" : ""}`);
}
codes.push("return Object.getOwnPropertyNames(/a/)", "return RegExp.length", "return RegExp[Symbol.species] === RegExp", "return typeof /a/", "return Object.prototype.toString.call(/a/)");
for (const n of [2, 10, 99, 253, 254, 255, 300]) codes.push(`return new RegExp('(a)'.repeat(${n})).exec('a'.repeat(${n}))?.length`, `return new RegExp('(?:a|b)'.repeat(${n})).test('ab'.repeat(${n}))`, `return 'x'.repeat(${n}).replace(new RegExp('(x)'.repeat(${Math.min(n, 20)})), '$1$10$11$20')`);

// ---- known to differ: each difference that docs/sandbox.md lists has a program at least

codes.push(
  "return /(?:(a)|b)+/.exec('ab')", "return 'x,y'.match(/(?:(x)|(y)|,)+/)", "return 'ab'.replace(/(x)??/gu, (...a) => JSON.stringify(a))", "return /(?!^)/u.exec('\\u{1f600}')",
  "const r = /(?:)/yu; r.lastIndex = 1; return [r.test('\\u{1f600}'), r.lastIndex]", "const r = /(?:)/gu; r.lastIndex = 1; return r.exec('\\u{1f600}')", "return /\\p{Lu}+/iu.exec('ab')", "return /\\P{Uppercase}/iv.exec('ab')",
  "return /\\W/iu.exec('\\u017f')", "return /\\d{4}-\\d{2}/v.exec('2024-03')", "return {.../(?<n>a)/.exec('a')}", "return new RegExp('\\u2028').source", "return /(?<=^[\\q{ab}])c/v.exec('abc')", "return /(?i:A)b/.exec('ab')", "return /(?<n>a)|(?<n>b)/.exec('b')",
);

write(codes, globalThis.answer);
