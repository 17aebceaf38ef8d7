// JSON.stringify with what it takes beside a value, JSON.parse with a reviver: programs and what Node answers.
//
//     TZ=UTC node tests/corpus/language/json.mjs > tests/corpus/language/json.jsonl.gz

import "./answer.js";
import { chance, write } from "../globals/chance.mjs";

const [seed = 20261130, rounds = 1] = process.argv.slice(2).map(Number);
const { below, many, one } = chance(seed);
const codes = [];
const add = (count, make) => {
  for (let i = 0; i < count * rounds; i++) codes.push(make());
};
const quoted = (value) =>
  JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

// ---- values, as source text

const LEAVES = [
  "1", "-0", "0.1", "1e21", "1e-7", "NaN", "Infinity", "-Infinity", "true", "false", "null", "undefined", "''", "'a'", "'\\n\"\\\\'", "'\\ud800'", "'\\udc00x'", "'é😀'", "'\\u2028'", "'\\u007f\\b'",
  "Symbol('s')", "() => 1", "new Date(0)", "new Date(NaN)", "/a/g", "new Map([[1, 2]])", "new Set([1])", "new Number(5)", "new String('s')", "new Boolean(false)", "Object(Symbol())", "new Uint8Array([1, 2])",
  "new Error('m')", "new Array(2)", "[,1]", "Math", "Object.create({inherited: 1})", "Object.create(null)", "new Proxy([1, 2], {})", "new Proxy({a: 1}, {})", "{toJSON() { return 'json'; }}",
  "{toJSON(key) { return key + typeof key; }}", "{toJSON: 5}", "{toJSON() {}}", "{get a() { return 2; }}", "new (class { x = 1; #y = 2; get z() { return 3; } })()", "(function () { return arguments; })(1, 2)",
  "2 ** 53", "123456789012345680000", "5e-324", "1 / 3", "Promise.resolve(1)", "new WeakMap()", "new ArrayBuffer(2)", "globalThis.missing", "Object('text')", "Object.assign([1], {x: 2})", "function named() {}", "class {}",
];
const WRONG = ["1n", "Object(1n)", "{get a() { throw new RangeError(); }}", "{toJSON() { throw new URIError(); }}", "(() => { const a = {}; a.a = a; return a; })()", "(() => { const a = [1]; a.push({a}); return a; })()"];
const KEYS = ["a", "b", "2", "10", "1", "-1", "01", "1.5", "", "é", "__proto__", "toJSON2", "constructor", "a b", "\n", "\ud800", "4294967295"];
const leaf = () => (below(25) ? one(LEAVES) : one(WRONG));
function value(depth) {
  if (depth > 2 || below(3) === 0) return leaf();
  if (below(2)) return `[${many(4, () => value(depth + 1)).join()}]`;
  return `{${many(4, () => { const key = one(KEYS); return `[${quoted(key)}]: ${value(depth + 1)}`; }).join()}}`;
}
const SPACES = ["", "", ", 2", ", 4", ", ' '", ", '\\t'", ", '--'", ", 0", ", -1", ", 11", ", 1.9", ", '12345678901'", ", true", ", null", ", {}", ", new Number(2)", ", new String('>')", ", Infinity", ", NaN", ", ''", ", Symbol()", ", 'é\\ud800'"];
const REPLACERS = [
  "null", "undefined", "null", "null", "(k, v) => v", "(k, v) => (typeof v === 'number' ? v + 1 : v)", "(k, v) => (k === 'a' ? undefined : v)", "(k, v) => (k === '' ? v : String(v))", "(k, v) => (Array.isArray(v) ? v.length : v)",
  "function (k, v) { return Array.isArray(this) ? k : v; }", "['a', 'b']", "['b', 'a', 'a']", "[1, 2, '10']", "[]", "[new String('a'), new Number(2), {}, null, true]", "(k, v) => (typeof v === 'bigint' ? `${v}n` : v)", "5", "'a'", "{}",
  "(k, v) => { if (k === '2') throw new EvalError(); return v; }", "() => undefined", "new Proxy(['a'], {})", "(k, v) => (k === 'a' ? {b: {c: 1}} : v)",
];
add(2500, () => `return JSON.stringify(${value(0)}, ${one(REPLACERS)}${one(SPACES)})`);
add(300, () => `return JSON.stringify(${value(0)})`);
add(100, () => `const v = ${value(0)}; return JSON.stringify(JSON.parse(JSON.stringify(v)), null, 1) === JSON.stringify(v, null, 1)`);
add(60, () => `return JSON.stringify(${one(["'k'", "5", "null", "{}", "[]", "undefined", "() => 1", "Symbol()", ""])}${one(["", ", null, 2", ", ['a']", ", (k, v) => [k, v].length"])})`);

// ---- texts that are read, and revivers

const TEXTS = [
  '{"a":1,"b":[1,2,{"c":null}],"2":"x","1":true}', "[]", "{}", "5", '"a"', "null", "[1,[2,[3]]]", '{"a":{"a":{"a":1}}}', '{"__proto__":{"x":1}}', '{"a":1,"a":2}', '[1,"2",null,true,{"k":"v"}]', '{"":{"":0}}', '{"d":"2024-03-15T00:00:00.000Z"}', "[1e400,-0,1E3]", '{"length":2,"0":"x"}',
];
const REVIVERS = [
  "(k, v) => v", "(k, v) => (typeof v === 'number' ? v * 2 : v)", "(k, v) => (k === 'a' ? undefined : v)", "(k, v) => (Array.isArray(v) ? v.length : v)", "function (k, v) { return k === '' ? v : [k, Object.keys(this).length].join(); }", "() => undefined", "(k, v) => { log.push(k); return v; }",
  "function (k, v) { if (k === '0') this[1] = 'changed'; return v; }", "function (k, v) { if (k === 'a') delete this.b; return v; }", "(k, v, ...rest) => (k === '' ? v : rest.length)", "5", "null", "(k, v) => { if (v === null) throw new URIError(); return v; }", "(k, v) => (k === 'd' ? new Date(v) : v)", "(k, v) => (v === 1 ? 1n : v)",
];
add(400, () => `const log = []; return [JSON.parse(${quoted(one(TEXTS))}, ${one(REVIVERS)}), log]`);
const PIECES = ["{", "}", "[", "]", ":", ",", '"', '"a"', "1", "-", "0", "01", ".5", "1.", "1e", "e5", "+1", "true", "null", "NaN", "undefined", "'a'", " ", "\n", "\u00a0", "\ufeff", "\v", "\\", '"\\x"', '"\\u12"', '"\n"', '"\u2028"', '"\u0000"', "//c", "1n", '"\\u00e9"', "tru", "Infinity", "0x1", "-0", "1e5", '{"a":1}', "[1,]", '{"a":1,}', "\t", '"\ud800"'];
add(1200, () => `return JSON.parse(${quoted(Array.from({ length: 1 + below(4) }, () => one(PIECES)).join(""))})`);
add(300, () => { // one character of a good text is gone, or there twice, or another one
  const text = one(TEXTS);
  const at = below(text.length);
  return `return JSON.parse(${quoted(text.slice(0, at) + one(["", text[at] + text[at], one([...'{}[]:,"\\ 0a'])]) + text.slice(at + 1))})`;
});
add(60, () => `return JSON.parse(${one(["", "undefined", "null", "1", "true", "'1'", "['1']", "{}", "[]", "{toString() { return '[2]'; }}", "Symbol()", "1n", "new String('3')", "new Date(0)", "/a/", "[1, 2]"])})`);
add(20, () => `return [JSON.stringify.length, JSON.parse.length, JSON.stringify.name, String(JSON)]`);

write(codes, globalThis.answer);
