// Methods of strings, and what turns strings into numbers, addresses and JSON: programs and what Node answers.
//
//     TZ=UTC node tests/corpus/language/strings.mjs > tests/corpus/language/strings.jsonl.gz

import "./answer.js";
import { chance, write } from "../globals/chance.mjs";

const [seed = 20261127, rounds = 1] = process.argv.slice(2).map(Number);
const { below, many, one } = chance(seed);
const codes = [];
const add = (count, make) => {
  for (let i = 0; i < count * rounds; i++) codes.push(make());
};

// ---- values

const SPACES = [..."\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"];
const NO_SPACES = [..."\u0085\u180e\u200b\u200c\u200d\u2060\u0000\u001f\u00ad"];
const CASED = [
  ..."aAzZßẞİıiIſKÅΣσςΑάΆΐΰᾳᾼᾂῷŉǰǆǅǄﬁﬀﬃﬓև", "i\u0307", "I\u0307", "ΑΣ", "ΑΣ.", "ΑΣΑ", "Σ", " Σ ", "Α\u0301Σ", "ΑΣ\u0301", "Α'Σ'", "1Σ",
  ..."𐐀𐐨𞤀𞤢აᲐᏸᏰꭰᎠⅧⅷⓐⒶՀհԱΏΌÿŸµþÞǱǲǳꞋɥẖﬕꟅʂ",
];
const COMBINED = [
  "e\u0301", "\u00e9", "c\u0327\u0301", "c\u0301\u0327", "a\u0308\u0304", "\u01df", "\u0344", "\u1e9b\u0323", "\u212b", "\u2126", "\u1100\u1161\u11a8",
  "\uac01", "\uac00\u11a8", "\u0958", "\u2adc", "\ufb1d", "\ufdfa", "ﬁ", "①", "½", "™", "㎏", "ｶﾞ", "Ａ１", "ﷺ", "ſ\u0307", "\u03d3\u0301", "\u0f71\u0f72\u0f74",
  "\u1112\u1161\u11ab\u1100", "\u{1d15e}", "\u{2f800}", "o\u0302\u0301", "\u1ed1", "\u0340", "\u00a8", "\u0385", "\u2011", "\u3392", "q\u0323\u0307", "q\u0307\u0323",
];
const PLANES = ["😀", "👩‍💻", "🇧🇷", "👨‍👩‍👧‍👦", "👍🏽", "❤️", "1️⃣", "𝒳", "𠮷", "\u{10ffff}", "\u{10000}", "\u{e0001}", "\u{f0000}", "\uffff", "\ufffe"];
const LONE = ["\ud800", "\udbff", "\udc00", "\udfff", "\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00"];
const NAMES = [
  "José da Conceição", "São Paulo", "MARÇO", "Müller-Lüdenscheidt", "Łódź", "Ærøskøbing", "Œuvre", "İstanbul", "Straße", "Ñandú", "Đặng Thị", "Θεσσαλονίκης",
  "SÃ£o Paulo", "JosÃ©", "ComÃ©rcio", "â‚¬ 10,00", "FranÃ§a", "Ã§", "?rico", "\ufffdrea", "Jo\u0301se\u0301", "d'Água", "O’Neill", "nº 1ª",
];
const PLAIN = ["", "a", "ab", "abc", "abcabc", "aaa", "a,b,,c", "Hello, World", "x=1&y=2", "0", "12.50", "1.234,56", "R$ 5", "$1", "$&", "a-b_c.d", "\r\n", "\0", "null"];
const character = () => {
  const kind = below(12);
  if (kind === 0) return String.fromCharCode(below(0x250));
  if (kind === 1) return String.fromCharCode(0x300 + below(0x2000));
  if (kind === 2) return String.fromCodePoint(below(0x110000));
  if (kind === 3) return String.fromCharCode(below(0x10000));
  return one(one([SPACES, NO_SPACES, CASED, CASED, COMBINED, PLANES, LONE, PLAIN]));
};
const text = () => (below(3) ? many(6, character).join("") : one(one([PLAIN, NAMES, CASED, COMBINED, PLANES, LONE])));
const quoted = (value) =>
  JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const string = () => quoted(text());
const COUNTS = [
  "0", "-0", "1", "-1", "2", "-2", "3", "5", "-5", "NaN", "Infinity", "-Infinity", "undefined", "null", "'1'", "'x'", "1.9", "-1.9", "2**31", "2**32", "2**32+1",
  "-(2**32)", "2**53", "-(2**53)", "{}", "[]", "[2]", "true", "{valueOf(){return 2}}", "'0x2'", "1e-7", "''", "0.5",
];
const count = () => (below(40) ? one(COUNTS) : one(["1n", "Symbol()", "{valueOf(){throw new RangeError()}}", "Object.create(null)"]));
const given = (most, make) => many(most, make).join();
const part = () => { // a piece of a text that is likely to be found in it
  const whole = text();
  const start = below(whole.length + 1);
  return [quoted(whole), quoted(whole.slice(start, start + below(3)))];
};
const OTHER = ["undefined", "null", "12", "-0", "1e21", "true", "[1,[2,3]]", "({})", "/a/", "/./g", "Symbol()", "5n", "({toString(){return 'b'}})", "NaN", "[]", "new String('ab')", "new Date(0)"];

// ---- positions and parts

add(250, () => `return ${string()}.${one(["at", "charAt", "charCodeAt", "codePointAt"])}(${given(1, count)})`);
add(350, () => `return ${string()}.${one(["slice", "substring", "substr"])}(${given(2, count)})`);
add(400, () => {
  const [whole, piece] = part();
  const method = one(["indexOf", "lastIndexOf", "includes", "startsWith", "endsWith"]);
  return `return ${whole}.${method}(${[below(8) ? piece : one(OTHER), ...many(1, count)]})`;
});
add(60, () => `return ${string()}.${one(["indexOf", "lastIndexOf", "includes", "startsWith", "endsWith", "at", "concat", "split", "repeat", "padStart"])}()`);
add(150, () => `const s = ${string()}; return [s.length, [...s], Array.from(s, (c) => c.codePointAt(0)), Object.keys(s).length]`);
add(60, () => `const i = ${string()}[Symbol.iterator](); return [i.next(), i.next(), i.next(), String(i)]`);
add(60, () => `const s = Object(${string()}); return [Object.getOwnPropertyNames(s), Object.getOwnPropertyDescriptor(s, 0), 1 in s, s[${count()}], delete s.length]`);

// ---- padding, repeating, trimming, joining

add(150, () => `return ${string()}.${one(["padStart", "padEnd"])}(${one(["0", "3", "7", "12", "-1", "NaN", "'8'", "5.9", "undefined", "true"])}${one(["", `, ${string()}`, `, ${string()}`, `, ${one(OTHER)}`])})`);
add(60, () => `return ${string()}.repeat(${one(["0", "1", "3", "-1", "2.9", "NaN", "Infinity", "'2'", "null", "-0.5", "2**31", "-Infinity"])})${one(["", ".length"])}`);
add(250, () => {
  const space = () => one([SPACES, SPACES, NO_SPACES])[below(9)];
  const whole = many(4, space).join("") + one([...NAMES, ""]) + many(4, space).join("");
  return `return ${quoted(whole)}.${one(["trim", "trimStart", "trimEnd", "trimLeft", "trimRight"])}()`;
});
add(100, () => `return ${string()}.concat(${given(3, () => one([string(), one(OTHER)]))})`);
add(100, () => `const s = ${string()} + ${string()}; return [s.length, s.isWellFormed(), s.toWellFormed(), \`\${s}|\${${string()}}\`, s.codePointAt(${below(4)})]`);
add(60, () => `let s = ''; for (let i = 0; i < ${1 + below(400)}; i++) s += ${string()}; return [s.length, s.at(-1), s.slice(-5), s.indexOf(${string()}), s === s.split('').join('')]`);
add(60, () => `return String.raw({raw: ${one([string(), "['a','b','c']", "[]", "{length: 2, 0: 'x'}", "null"])}}${many(3, () => `, ${one([string(), ...OTHER])}`).join("")})`);
add(40, () => `return String.raw\`a${one(["\\n", "\\u0041", "\\x", "é", "\\u{zz}"])}b\${1}${one(["\\\\", "\\`", "$"])}\``);
add(30, () => `return ((s, ...a) => [s, s.raw, a])\`a${one(["\\n", "\\u0041", "\\x", "é", "\\u{zz}", "\\07"])}b\${1}\``);
add(100, () => `return String.${one(["fromCharCode", "fromCodePoint"])}(${given(3, () => (below(2) ? one(COUNTS) : String(below(0x120000) - 100)))})`);

// ---- case and normal forms

add(600, () => `const s = ${string()}; return [s.toUpperCase(), s.toLowerCase()]`);
add(100, () => `return ${quoted(many(5, () => one([...CASED, ".", "'", "\u00ad", "\u0301", " ", "a", "-"])).join(""))}.toLowerCase()`);
add(50, () => `return ${string()}.${one(["toUpperCase", "toLowerCase"])}().${one(["toUpperCase", "toLowerCase", "length"])}${one(["()", ""])}`);
add(600, () => `return ${quoted(many(4, () => one([text(), ...COMBINED])).join(""))}.normalize(${one(["", "'NFC'", "'NFD'", "'NFKC'", "'NFKD'"])})`);
add(100, () => `return ${quoted(many(5, () => String.fromCodePoint(one([0x41, 0x61, 0x1100, 0xac00, 0x300, 0x1d15e, 0x3a9, 0x900]) + below(100))).join(""))}.normalize(${one(["'NFC'", "'NFD'", "'NFKC'", "'NFKD'"])})`);
add(20, () => `return ${string()}.normalize(${one(["'nfc'", "null", "''", "undefined", "'NFX'", "{toString(){return 'NFD'}}"])})`);
for (let start = 0; start < 0x110000; start += 0x200) { // every plane in pieces: one number for all its characters
  if (start >= 0x32000 && start < 0xe0000) continue;
  codes.push(`let h = 0; for (let i = ${start}; i < ${start + 0x200}; i++) for (const t of [String.fromCodePoint(i).toLowerCase(), String.fromCodePoint(i).toUpperCase()]) for (let j = 0; j < t.length; j++) h = (h * 31 + t.charCodeAt(j)) | 0; return h`);
  codes.push(`let h = 0; for (let i = ${start}; i < ${start + 0x200}; i++) { const c = String.fromCodePoint(i), d = c.normalize('NFD'), k = c.normalize('NFKD'), f = c.normalize('NFC'), g = c.normalize('NFKC'); if (d !== c) h = (h * 31 + d.codePointAt(0) + d.length) | 0; if (k !== d) h = (h * 31 + k.length + k.charCodeAt(k.length - 1)) | 0; if (f !== c || g !== c) h = (h * 31 + f.codePointAt(0) + g.charCodeAt(0)) | 0; } return h`);
}

// ---- finding and replacing

const DOLLARS = ["$&", "$$", "$`", "$'", "$1", "$2", "$0", "$01", "$10", "$11", "$<n>", "$<", "$<m>", "$", "x", "é", "$x", "$$1", ""];
const SEPARATORS = ["''", "','", "'a'", "' '", "'ab'", "/,/", "/(,)/", "/(?:)/", "/(?:)/u", "/\\s*/", "/(a)|b/", "/[^a]/", "/$/", "/^/m", "/./su", "/(?<n>a)/", "/b/y"];
const PATTERNS = ["'a'", "''", "'b'", "','", "/a/", "/a/g", "/(a)(b)?/g", "/(?<n>a)/g", "/(?:)/g", "/(?:)/gu", "/./g", "/./gu", "/\\b/g", "/[a-c]+/gi", "/^/gm", "/(.)(.)/g", "/a/y", "/a/gy", "/\\W/gu", "/(?=a)/g", "/(?<=a)/g", "/(?<n>.)(?<m>.)?/g"];
const replacement = () => quoted(many(4, () => one(DOLLARS)).join(""));
const callback = () => one(["(...a) => JSON.stringify(a)", "() => '$&'", "(m) => m.toUpperCase()", "(m, ...r) => r.length", "() => undefined", "() => null", "(m, p) => `<${p}>`"]);
add(350, () => `return ${string()}.split(${[below(3) ? one(SEPARATORS) : one([string(), ...OTHER]), ...many(1, () => one(["0", "1", "2", "-1", "undefined", "2**32", "2**32+1", "'3'", "1.5", "NaN"]))]})`);
add(500, () => `return ${string()}.${one(["replace", "replace", "replaceAll"])}(${below(4) ? one(PATTERNS) : string()}, ${one([replacement, replacement, callback])()})`);
add(150, () => {
  const [whole, piece] = part();
  return `return ${whole}.${one(["replace", "replaceAll"])}(${piece}, ${one([replacement, callback])()})`;
});
add(100, () => `return ${string()}.${one(["replace", "replaceAll"])}(${one([...PATTERNS, ...OTHER])}, ${one([...OTHER, string()])})`);
add(100, () => `return ${string()}.replaceAll()`);
add(250, () => `return [...(${string()}.${one(["matchAll", "match", "matchAll"])}(${one([...PATTERNS, string(), ...OTHER, ""])}) ?? 'none')]`);
add(80, () => `return ${string()}.search(${one([...PATTERNS, ...OTHER, ""])})`);
add(60, () => `return ${string()}.${one(["split", "replace", "replaceAll", "match", "matchAll", "search"])}({[Symbol.${one(["split", "replace", "match", "matchAll", "search"])}](...a) { return a.length }, toString() { return 'a' }, flags: 'g'}, ${one(["1", "'x'", "undefined"])})`);
add(60, () => `return ${string()}.${one(["anchor", "big", "link", "fontcolor", "bold", "sub", "fontsize", "fixed"])}(${given(1, () => one(["'\"q\"'", string(), ...OTHER]))})`);

// ---- texts as numbers, addresses, JSON

const DIGITS = ["0", "1", "12", ".", "-", "+", "e", "E5", "x", "0x", "0b1", "0o7", "_", " ", "Infinity", "NaN", "n", "\u00a0", "\u180e", "１", "٣", "−", ",", "\u2028", "\ufeff", "ff", "\0"];
const numeral = () => quoted(many(4, () => one(DIGITS)).join(""));
add(300, () => `const s = ${numeral()}; return [Number(s), parseFloat(s), parseInt(s), parseInt(s, ${one(["16", "2", "36", "1", "37", "0", "'8'", "NaN", "10.9", "-1"])}), isNaN(s), s * 1, s | 0, s == 0]`);
add(80, () => `return BigInt(${numeral()})`);
const ESCAPED = ["%", "%4", "%41", "%C3%A9", "%c3", "%E2%82%AC", "%F0%9F%98%80", "%ED%A0%80", "%FF", "%u00e9", "%u12", "%u", "%2F", "%3f", "%00", "%F8%80", "%C0%80", "%F4%90%80%80", "%E2%28", "a", "+", "é", "#", "%25"];
add(300, () => `return ${one(["decodeURIComponent", "decodeURI", "unescape"])}(${quoted(many(3, () => one(ESCAPED)).join(""))})`);
add(300, () => `const s = ${string()}; return ${one(["encodeURIComponent", "encodeURI", "escape", "JSON.stringify"])}(s)`);
add(100, () => `const s = ${string()}; return [JSON.parse(JSON.stringify(s)) === s, JSON.stringify({[s]: [s]}), unescape(escape(s)) === s, s.isWellFormed(), s.toWellFormed()]`);
add(60, () => `return String(${one([...OTHER, "[null,undefined,[]]", "[,1]", "() => 1", "Symbol('x')", "-1e-7", "Object(1n)", "new Map()", "Math", "new Error('m')", "globalThis.missing"])})`);
add(60, () => `return \`\${${one(OTHER)}}\``);

// ---- order and equality

add(200, () => `const a = ${string()}, b = ${string()}; return [a < b, a <= b, a == b, a.normalize() === b.normalize(), [a, b].sort()[0] === a, Object.is(a, b)]`);
add(150, () => `return [${many(8, string).join()}].sort()${one(["", ".reverse()", ".join('|')"])}`);
add(60, () => `return [...new Set([${many(6, string).join()}])]`);
add(60, () => `return Object.keys({${many(6, () => `[${below(3) ? string() : one(["1", "'01'", "'-0'", "4294967295", "'4294967294'", "1.5", "1e21", "-1", "null"])}]: 1`).join()}})`);

// ---- known to differ: each difference that docs/sandbox.md lists has a program at least

codes.push("return ''.repeat(2**31)", "const s = 'zzzzzzzzzzzz'; return parseInt(s, 36)", "const s = 'Infinity0o7e'; return parseInt(s, 36)");

write(codes, globalThis.answer);
