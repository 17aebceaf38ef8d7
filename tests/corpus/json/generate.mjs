// JSON texts, and what Node makes of each: JSON.stringify(JSON.parse(text)). One pair a line, in ASCII; the first line
// names the Node that spoke.
//
//     node tests/corpus/json/generate.mjs > tests/corpus/json/node.jsonl
//
// The same Node gives the same bytes. What is made by chance comes from a seeded generator of its own.

let state = 20261123;

function below(end) { // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
}

const one = (...choices) => choices[below(choices.length)];
const some = (most, make) => Array.from({ length: below(most + 1) }, make);
const digits = (most) => Array.from({ length: 1 + below(most) }, () => below(10)).join("");

// ---- what is known to be delicate

const NUMBERS = `0 -0 0.0 -0.0 0e5 -0e-5 1 -1 10 1.0 1.50 100 1e0 1E0 1e1 1E+1 1e-1 1E-01 1e00 12e-1 0.1 0.2 0.30 0.1e1
  1e5 1e6 1e20 1e21 1e22 -1e21 123456789012345680000 1234567890123456789012 100000000000000000000 999999999999999999999
  1e-5 1e-6 1e-7 1e-8 0.000001 0.0000001 0.00000123 123e-20 4294967295 4294967296 2147483647 2147483648 -2147483648
  -2147483649 9007199254740991 9007199254740992 9007199254740993 9007199254740995 -9007199254740993 18446744073709551615
  9223372036854775807 9223372036854775808 -9223372036854775808 5e-324 4.9e-324 3e-324 2.4703282292062327e-324
  2.4703282292062328e-324 1e-323 2.2250738585072011e-308 2.2250738585072012e-308 2.2250738585072014e-308
  1.7976931348623157e308 1.7976931348623158e308 1.7976931348623159e308 1e308 1e309 -1e309 1e400 1e-400 -1e-400 1e99999
  1e-99999 0.1234567890123456789 3.141592653589793238462643383279 2.718281828459045 1.005 0.615 1.7 4.35 0.045
  1.4999999999999999 4503599627370496.5 4503599627370497.5 9007199254740992.5 1.0000000000000002 5.0e-1 8.41e21
  9.5e-7 2.0919495182368195e19 5.764607523034235e39 1.152921504606847e40 2.3283064365386963e-10 6.9294956446009195e15
  123456.789e3 0.000123456e-3 ${"9".repeat(40)} ${"1".repeat(310)} 0.${"0".repeat(320)}1 0.${"3".repeat(60)}
  1${"0".repeat(30)}e-30 0.${"0".repeat(30)}1e31`.split(/\s+/);

const STRINGS = [
  "", "a", " ", "\\\"", "\\\\", "\\/", "/", "\\b\\f\\n\\r\\t", "\\u0000", "\\u0001\\u001f", "\\u007f", "\u007f",
  "\\u0022", "\\u005c", "\\u002F", "\\u0041\\u00e9", "é", "ß", "日本語", "\u2028\u2029", "\\u2028\\u2029", "\ufeff", "\\ufeff",
  "👩‍💻", "\\ud83d\\ude00", "\\uD83D\\uDE00", "😀", "\\ud800", "\\udfff", "\\udc00\\ud800", "a\\ud800b", "\\ud83dx\\ude00",
  "\\ud800\\ud800\\udc00", "\\ud800\\\\udc00", "\uffff", "\\uffff", "\ufffd", "\u0300e\u0301", "\u00a0", "\u0085", "</script>",
  "\\u0061\\u0062", "__proto__", "\\u005f_proto__", "𐀀\u{10ffff}", "x".repeat(300), "é".repeat(300),
];

const OBJECTS = [
  "{}", "[]", "[{}]", "[[]]", '{"a":{}}', '{"":0}', '{"a":1,"a":2}', '{"a":1,"b":2,"a":3}', '{"a":{"b":1},"a":{"c":2}}',
  '{"b":1,"a":2,"10":3,"2":4,"1":5}', '{"01":1,"1":2,"-1":3,"1.5":4,"0":5}', '{"4294967294":1,"4294967295":2,"b":3,"7":4}',
  '{"4294967296":1,"2147483648":2,"2147483647":3}', '{"9007199254740992":1,"3":2}', '{"1e3":1,"1000":2}', '{"+1":1,"1":2}',
  '{"__proto__":1}', '{"__proto__":null}', '{"__proto__":{"a":1},"b":2}', '{"a":1,"__proto__":[],"__proto__":2}',
  '{"constructor":1,"toString":2,"valueOf":3,"hasOwnProperty":4}', '{"length":1,"0":2}', '{"toJSON":1}', '{"then":1}',
  '{"a":"\\u0000","\\u0000":"a"}', '{"\\u0061":1,"a":2}', '{"é":1,"e\\u0301":2}', '{"\\ud800":1,"\\udc00":2,"\\ud800":3}',
  '{"\u2028":1}', '{"prototype":{"__proto__":{"__proto__":null}}}', '{"get":1,"set":2,"value":3,"writable":false}',
  `{${Array.from({ length: 40 }, (_, i) => `"${39 - i}":${i}`).join()}}`,
  `{${Array.from({ length: 40 }, (_, i) => `"k${39 - i}":${i}`).join()}}`,
  `[${"[],".repeat(200)}[]]`, `[${Array.from({ length: 300 }, (_, i) => i * i - 40).join(" , ")}]`,
];

const LITERALS = ["true", "false", "null", "[true,false,null]", ' { "a" : true } ', "\t\n\r [ \r\n ] \t", " 1 ", '\n"a"\n'];

const nested = (levels, open, close) => open.repeat(levels) + "1" + close.repeat(levels);
const NESTED = [10, 100, 500, 800].flatMap((levels) => [
  nested(levels, "[", "]"), nested(levels, '{"a":', "}"), nested(levels / 2, '[{"0":', "}]"), nested(levels, " [ ", " ] "),
]);

// ---- what chance makes

const number = () => one("", "-") + one("0", String(1 + below(9)) + one("", digits(25)))
  + one("", "", `.${digits(25)}`) + one("", "", one("e", "E") + one("", "+", "-") + one(digits(2), String(below(340))));

const hex = (unit) => {
  const text = unit.toString(16).padStart(4, "0");
  return `\\u${one(text, text.toUpperCase())}`;
};
const character = () => one(
  () => String.fromCharCode(0x20 + below(0x5f)).replace(/["\\]/, "~"),
  () => `\\${one('"', "\\", "/", "b", "f", "n", "r", "t")}`,
  () => hex(below(0x80)),
  () => hex(below(0x10000)),
  () => hex(0xd800 + below(0x800)),
  () => String.fromCodePoint(0xa0 + below(0xd000)),
  () => String.fromCodePoint(0x10000 + below(0x100000)),
)();
const string = () => `"${some(12, character).join("")}"`;
const key = () => one(string, () => `"${below(12)}"`, () => `"${one("a", "b", "__proto__", "length", "toJSON", "00")}"`)();
const space = () => one("", "", "", " ", "\n", "\t", "\r\n", "  ");
const list = (open, items, close) => open + space() + items.join(space() + "," + space()) + space() + close;

const scalar = () => one(number, string, () => one("true", "false", "null"))();
const holder = (depth) => one(
  () => list("[", some(6, () => value(depth - 1)), "]"),
  () => list("{", some(8, () => key() + space() + ":" + space() + value(depth - 1)), "}"),
)();
const value = (depth) => depth === 0 || below(2) === 0 ? scalar() : holder(depth);

// ---- the fixture

const texts = [
  ...NUMBERS, `[${NUMBERS.join()}]`, ...STRINGS.map((text) => `"${text}"`), ...OBJECTS, ...LITERALS, ...NESTED,
  `{${STRINGS.map((text, at) => `"${text}":${at}`).join()}}`,
  ...Array.from({ length: 60 }, () => list("[", Array.from({ length: 20 }, number), "]")),
  ...Array.from({ length: 30 }, () => list("[", Array.from({ length: 10 }, string), "]")),
  ...Array.from({ length: 70 }, () => space() + holder(4) + space()),
];

const ascii = (text) => text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const lines = texts.map((text) => [text, JSON.stringify(JSON.parse(text))]);
for (const line of [process.version, ...lines]) console.log(ascii(JSON.stringify(line)));
