// The order of lists: sorts with and without comparators, the order of an object's members, grouping; programs and what Node answers.
//
//     TZ=UTC node tests/corpus/language/sorting.mjs > tests/corpus/language/sorting.jsonl.gz

import "./answer.js";
import { chance, write } from "../globals/chance.mjs";

const [seed = 20261131, rounds = 1] = process.argv.slice(2).map(Number);
const { below, many, one } = chance(seed);
const codes = [];
const add = (count, make) => {
  for (let i = 0; i < count * rounds; i++) codes.push(make());
};
const quoted = (value) =>
  JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const WORDS = ["", "a", "b", "B", "A", "ab", "é", "e", "z", "ç", "Z", "10", "9", "1", "01", "-1", "São Paulo", "sao paulo", "Água", "agua", "😀", "\uffff", "\ud800", "ß", "ss", "_", " ", "a b", "a-b", "\u0301", "日本", "ﬁ", "null", "undefined"];
const NUMBERS = ["0", "-0", "1", "-1", "2", "10", "9", "0.5", "1e21", "-1e-7", "100", "1.5", "3", "3", "2", "Infinity", "-Infinity", "2**53", "5e-324"];
const MIXED = ["undefined", "null", "true", "NaN", "'a'", "1", "10", "9n", "[2, 1]", "{}", "new Date(5)", "'undefined'", "-1", "''", "[]", "() => 1", "false", "'B'"];
const LENGTHS = [0, 1, 2, 3, 5, 8, 12, 20, 31, 33, 64, 65, 100];
const list = (make) => `[${Array.from({ length: one(LENGTHS) }, make).join()}]`;
const words = () => list(() => quoted(one(WORDS) + (below(3) ? "" : one(WORDS))));
const numbers = () => list(() => (below(2) ? one(NUMBERS) : String(below(50) - 20)));
const mixed = () => `[${many(10, () => (below(15) ? one(MIXED) : "")).join()}]`;
const rows = () => `[${Array.from({ length: one(LENGTHS) }, (_, i) => `{id: ${i}, v: ${below(12) - 3}, s: ${quoted(one(WORDS))}, d: new Date(${below(5) * 1e9})}`).join()}]`;

// Comparators that order consistently; ties show whether the order of equals is kept.
const OF_NUMBERS = ["(a, b) => a - b", "(a, b) => b - a", "(a, b) => (a > b) - (a < b)", "(a, b) => (a < b ? -1 : a > b ? 1 : 0)", "(a, b) => Math.sign(b - a)", "(a, b) => Math.abs(a) - Math.abs(b)", "(a, b) => (a % 3) - (b % 3)", "() => 0", "(a, b) => (a - b) / 1e6", "(a, b) => String(Number(a > b) - Number(a < b))"];
const OF_WORDS = ["(a, b) => (a < b ? -1 : a > b ? 1 : 0)", "(a, b) => (a > b) - (a < b)", "(a, b) => a.length - b.length", "(a, b) => b.length - a.length || (a < b ? -1 : 1) * (a !== b)", "(a, b) => (a.charCodeAt(0) || 0) - (b.charCodeAt(0) || 0)", "(a, b) => { const [x, y] = [a.toLowerCase(), b.toLowerCase()]; return x < y ? -1 : x > y ? 1 : 0; }"];
const OF_ROWS = ["(a, b) => a.v - b.v", "(a, b) => b.v - a.v", "(a, b) => a.d - b.d", "(a, b) => (a.s < b.s ? -1 : a.s > b.s ? 1 : 0)", "(a, b) => a.v - b.v || b.id - a.id", "(a, b) => a.d - b.d || (a.s > b.s) - (a.s < b.s)", "() => 0", "({v: a}, {v: b}) => Math.abs(a) - Math.abs(b)"];
// What people write instead.
const CARELESS = ["(a, b) => a > b", "(a, b) => a < b", "(a, b) => (a > b ? 1 : -1)", "(a, b) => (a >= b ? 1 : -1)", "() => 1", "() => -1", "(a, b) => NaN", "(a, b) => {}", "(a, b) => a - b", "(a, b) => (a < b ? -1 : true)", "(a, b) => -(a < b)"];
const sort = () => one(["sort", "toSorted"]);
add(500, () => `return ${numbers()}.${sort()}(${one(["", "", "undefined", ...OF_NUMBERS, ...OF_NUMBERS])})`);
add(500, () => `return ${words()}.${sort()}(${one(["", "", ...OF_WORDS])})`);
add(500, () => `return ${rows()}.${sort()}(${one(OF_ROWS)}).map((row) => row.id)`);
add(500, () => `return ${one([numbers, words, mixed])()}.${sort()}(${one(CARELESS)})`);
add(200, () => `return ${rows()}.${sort()}((a, b) => ${one(["a.v > b.v", "a.v < b.v", "a.s > b.s ? 1 : -1", "a.missing - b.missing", "a.s - b.s", "!(a.v > b.v)", "a.d > b.d"])}).map((row) => row.id)`);
add(400, () => `const a = ${mixed()}; const r = a.${sort()}(${one(["", "", "undefined", "(x, y) => (String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0)", "null", "5", "'a'"])}); return [r, a, r === a]`);
add(200, () => `const calls = []; const r = ${one([numbers, mixed])()}.slice(0, 60).${sort()}((a, b) => { calls.push([a, b]); return a < b ? -1 : a > b ? 1 : 0; }); return [r, calls.length, calls.slice(-2)]`);
add(100, () => `const a = ${numbers()}; return [a.toReversed(), a.toSpliced(1, 2, 'x'), a.with(${below(3)} % (a.length || 1), 7), a.slice().reverse(), a.at(-1), a.findLast((x) => x > 1), a.findLastIndex((x) => x < 0)]`);

// ---- members of objects, sets and maps keep an order

const KEYS = ["'b'", "'a'", "2", "1", "'10'", "'01'", "-1", "1.5", "'é'", "4294967294", "4294967295", "''", "'__proto__'", "true", "null", "1e21", "Symbol('k')", "0", "-0", "'constructor'"];
const entries = () => many(8, () => `[${one(KEYS)}, ${below(9)}]`).join();
add(300, () => `const o = Object.fromEntries([${entries()}]); ${one(["", "delete o.a; o.a = 1;", "delete o[1]; o[1] = 5;", "Object.assign(o, {z: 1, 0: 2});"])} return [Object.entries(o), JSON.stringify({...o, b: 0}), Reflect.ownKeys(o).map(String), (() => { const k = []; for (const n in o) k.push(n); return k; })()]`);
add(150, () => `const m = new Map([${entries()}]); m.delete(${one(KEYS)}); m.set(${one(KEYS)}, 'last'); return [...m]`);
add(100, () => `return [...new Set([${many(10, () => one([...MIXED.filter((x) => !/[{[(]/.test(x)), ...NUMBERS])).join()}])]`);

// ---- lists

const INDICES = ["0", "1", "2", "-1", "-2", "5", "undefined", "NaN", "Infinity", "-Infinity", "'1'", "1.9", "null", "2**32"];
const indices = (most) => many(most, () => one(INDICES)).join();
const VALUES = [...MIXED, ...NUMBERS];
const METHODS = {
  at: () => one(INDICES), concat: () => many(2, () => one(["[1]", "2", "[[3]]", "'ab'", "{length: 1, 0: 'x', [Symbol.isConcatSpreadable]: true}", "[,4]"])).join(), copyWithin: () => indices(3), fill: () => `${one(VALUES)}${below(2) ? `, ${one(INDICES)}` : ""}`,
  flat: () => one(["", "1", "0", "Infinity", "-1"]), flatMap: () => one(["(x) => [x, x]", "(x) => x", "(x, i) => [[i]]", "() => []"]), includes: () => one(VALUES), indexOf: () => `${one(VALUES)}${below(2) ? `, ${one(INDICES)}` : ""}`, join: () => one(["", "'-'", "null", "undefined", "''"]),
  lastIndexOf: () => `${one(VALUES)}${below(2) ? `, ${one(INDICES)}` : ""}`, pop: () => "", push: () => many(2, () => one(VALUES)).join(), shift: () => "", unshift: () => many(2, () => one(VALUES)).join(), reverse: () => "", slice: () => indices(2), splice: () => indices(2) + (below(2) ? "" : ""),
  map: () => one(["(x) => typeof x", "(x, i) => i", "parseInt", "String", "Number", "() => {}"]).replace("Number", "(x) => typeof x === 'bigint' ? 0 : +x || 1"), filter: () => one(["Boolean", "(x, i) => i % 2", "(x) => x > 1"]), reduce: () => one(["(s, x) => s + String(x), ''", "(s, x) => `${typeof s}${typeof x}`", "(s, x, i) => i"]),
  reduceRight: () => one(["(s, x) => s + String(x), ''", "(s, x, i) => i"]), some: () => "(x) => x === null", every: () => "(x) => x", find: () => "(x) => x > 1", findIndex: () => "(x) => typeof x === 'string'", toString: () => "", keys: () => "", entries: () => "", toSpliced: () => indices(2), toReversed: () => "",
};
add(1200, () => {
  const method = one(Object.keys(METHODS));
  const call = `a.${method}(${METHODS[method]()})`;
  return `const a = ${one([mixed, mixed, () => "[[1, [2, [3]]], , 4]", () => "[3, 1, 2]"])()}; const r = ${/keys|entries/.test(method) ? `[...${call}]` : call}; return [r, a, a.length]`;
});
add(150, () => `return Array.from(${one(["{length: 3}", "'a😀b'", "new Set([1, 1, 2])", "new Map([[1, 2]])", "{length: 2, 0: 'x'}", "[,1]", "5", "null", "{length: -1}", "{length: '2'}", "(function* () { yield 1; yield 2; })()"])}${one(["", ", (x, i) => i", ", String", ", 5", ", function () { return this.q; }, {q: 7}"])})`);
add(100, () => `const a = [1, 2, 3]; a.length = ${one(["0", "1", "5", "-1", "1.5", "'2'", "2**32", "NaN"])}; ${one(["", "a.push(9);", "a[7] = 1;", "delete a[0];"])} return [a, a.length, Object.keys(a)]`);

write(codes, globalThis.answer);
