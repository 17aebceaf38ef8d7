// Calls of the console, and what Node prints for them.
//
//     TZ=UTC node tests/corpus/globals/console.mjs > tests/corpus/globals/console.jsonl.gz

import { chance, write } from "./chance.mjs";

const { below, many, one } = chance(20261128);
const quoted = JSON.stringify;
const codes = [];

// ---- values as code

const WORDS = ["a", "id", "valor", "qtdCartoesAtivos", "nomeBandeira", "trimestre", "produto", "x y", "São Paulo", "1", "12", "é", "with-dash", "__proto__x", "$dollar", "_u", "AbC9", "'", "a\"b", "\\n", "日本", "constructor", "toString", "@odata.context"];
const TEXTS = ["", "a", "VISA", "it's", "say \"hi\"", "both ' and \"", "all ' \" `", "`tick`", "${x} ' \"", "line\nbreak", "tab\t", "\u0000\u001b[31m", "back\\slash", "é\u0301", "日本語のテキスト", "😀 emoji", "\ud800 alone", "\u007f\u009f", "Mastercard Empresarial", "2024-03-15T10:20:30Z", "https://olinda.example/servico/MPV/versao/v1/odata$metadata#Cartoes", "x".repeat(40), "y".repeat(90), "words and ".repeat(12), "two lines of some length here\nand the second one that is longer than that", "'".repeat(20) + "\"", "%s %d", "a\r\nb", "\u00a0", "long text without any end ".repeat(5) + "\n" + "and more ".repeat(9)];
const NUMBERS = ["0", "-0", "1", "-1", "1.5", "NaN", "Infinity", "-Infinity", "1e21", "1e-7", "123456789", "0.1", "3.14159", "2 ** 53", "1716709", "12846611557.78"];
const PRIMITIVES = ["true", "false", "null", "undefined", "5n", "-12345678901234567890n", "Symbol()", "Symbol('s')", "Symbol.iterator", "Symbol('with space')", "Symbol('new\\nline')"];
const SPECIAL = ["new Date(0)", "new Date(NaN)", "new Date(1710498030000)", "/a+/gi", "/[/]\\//u", "() => 1", "function named() {}", "function () {}", "async () => 1", "function* gen() {}", "async function* both() {}", "class Kind {}", "class extends Array {}", "class Sub extends Map { m() {} }", "class /* c */ Note {}",
  "Math", "JSON", "Date", "Map", "Object", "parseInt", "console.log", "globalThis.undefined", "new (class Own {})()", "new (class Own { a = 1; #p = 2; get g() { return 1; } m() {} })()", "new (class extends Map {})([[1, 2]])", "new (class List extends Array {})(1, 2, 3)", "new (class Text extends String {})('t')",
  "Object.create(null)", "Object.create({})", "Object.create({ a: 1 })", "Object.assign(Object.create(null), { a: 1 })", "Object.create(class Base {}.prototype)", "new String('boxed')", "new Number(-0)", "new Boolean(false)", "Object(5n)", "Object(Symbol('b'))", "Object.assign(new String('abc'), { x: 1 })",
  "new Uint8Array(3)", "new Uint8Array(200)", "new Float64Array([1.5, -0, NaN])", "new BigInt64Array([1n, -1n])", "new ArrayBuffer(4)", "new ArrayBuffer(200)", "new DataView(new ArrayBuffer(4), 1)", "Object.assign(new Uint8Array(2), { extra: 1 })", "new WeakMap()", "new WeakSet()",
  "Promise.resolve(4)", "Promise.resolve({ a: { b: { c: 1 } } })", "new Promise(() => {})", "(() => { const p = Promise.reject(new Map([[1, 2]])); p.catch(() => {}); return p; })()", "new Proxy({ a: 1 }, { get() { throw 1; } })", "new Proxy([1, 2], {})", "new Proxy(() => 1, {})", "(function () { return arguments; })(1, 'b')", "(function* () {})()", "[].values()", "''[Symbol.iterator]()", "(async () => 1)()",
  "Object.assign(() => 1, { a: 1 })", "Object.assign(function f() {}, { b: { c: 1 } })", "Object.assign(class K {}, { s: 1 })", "Object.assign(/x/, { y: 1 })", "Object.assign(new Date(0), { z: 1 })", "[, 1]", "[1, , 3, ,]", "Object.assign([1, 2], { x: 1, '-1': 2 })", "new Array(5)", "[undefined, null]", "Object.assign([], { 3: 'd' })", "new Array(200)",
  "{ get g() { return 1; } }", "{ set s(v) {} }", "{ get b() { return 1; }, set b(v) {} }", "{ [Symbol('k')]: 1, [Symbol.toStringTag]: 'Own' }", "{ ['__proto__']: 1 }", "Object.defineProperty({ v: 1 }, 'hidden', { value: 1 })", "new (class { get [Symbol.toStringTag]() { return 'Tagged'; } })()", "Object.defineProperty({ a: 1 }, Symbol.toStringTag, { value: 'Own' })", "{ constructor: 1 }", "{ constructor: { name: 'Fake' } }",
  "{ [Symbol.for('nodejs.util.inspect.custom')]() { return 'custom text'; } }", "{ [Symbol.for('nodejs.util.inspect.custom')](depth, options) { return { depth, keys: Object.keys(options).length > 5 }; } }", "{ [Symbol.for('nodejs.util.inspect.custom')]() { return 'two\\nlines'; } }", "{ toJSON() { return 'json'; } }", "{ toString() { return 'own text'; } }", "{ inspect() { return 1; } }",
  "new Map()", "new Set()", "new Map([[{ a: 1 }, new Set([1])]])", "new Set([[1, 2], { a: new Map([[1, 2]]) }])", "new Map(Array.from({ length: 120 }, (_, i) => [i, i * i]))", "new Set(Array.from({ length: 105 }, (_, i) => 'v' + i))", "Object.assign(new Map([['k', 1]]), { extra: true })",
  "withStack(new Error('plain'))", "withStack(new TypeError('with code'), 0, { code: 'E_CODE' })", "withStack(new (class ValidationError extends Error {})('own class'))", "withStack(new (class Named extends Error { constructor(m) { super(m); this.name = 'NamedError'; } })('set name'))", "withStack(new Error('outer', { cause: withStack(new Error('inner')) }))", "withStack(new AggregateError([withStack(new Error('one')), 2], 'several'))", "withStack(new Error(''))", "withStack(new Error('multi\\nline message'))", "withStack(new RangeError('none'), 1)",
  "withStack(new Error('with row', { cause: { linha: 3 } }), 0, { row: { id: 1, list: [1, 2] } })", "withStack(new Error('hidden'), 2)", "withStack(Object.assign(new Error('renamed'), { name: 'Foo' }))"];
const NATIVE = ["Math", "JSON", "Date", "Map", "Object", "parseInt", "console.log", "new Proxy(() => 1, {})"]; // whose source the engine writes otherwise
const wrapped = (code) => (code.startsWith("{") ? `(${code})` : code);

function leaf() {
  switch (below(6)) {
    case 0: case 1: return one(NUMBERS);
    case 2: case 3: return quoted(one(TEXTS));
    case 4: return one(PRIMITIVES);
    default: return wrapped(one(SPECIAL));
  }
}

const key = () => (below(4) ? quoted(one(WORDS)) : quoted(`${one(WORDS)}${below(50)}`));

function value(depth) {
  if (depth === 0 || below(5) === 0) return leaf();
  const inner = () => value(depth - 1 - below(2) < 0 ? 0 : depth - 1 - below(2));
  switch (below(9)) {
    case 0: return `[${many(5, inner)}]`;
    case 1: return `[${many(below(3) ? 12 : 130, () => one([one(NUMBERS), String(below(1000)), String(below(10))]))}]`;
    case 2: return `[${many(below(3) ? 20 : 110, () => quoted(one(TEXTS.slice(0, 19))))}]`;
    case 3: return `new Map([${many(4, () => `[${inner()}, ${inner()}]`)}])`;
    case 4: return `new Set([${many(5, inner)}])`;
    case 5: return `[${many(9, () => `{${many(3, () => `${key()}: ${leaf()}`)}}`)}]`;
    default: return `({${many(below(4) ? 5 : 30, () => `${key()}: ${inner()}`)}})`;
  }
}

for (const text of TEXTS) codes.push(`console.log(${quoted(text)})`, `console.log([${quoted(text)}])`, `console.log({ a: { b: ${quoted(text)} } })`, `console.log(${quoted(text)}, 1)`);
for (const code of [...NUMBERS, ...PRIMITIVES, ...SPECIAL.map(wrapped)]) {
  codes.push(`console.log(${code})`, `console.log([${code}])`, `console.log({ a: { b: { c: ${code} } } })`, `console.log({ a: { b: { c: { d: ${code} } } } })`, `console.dir(${code})`);
  for (const place of ["%s", "%d", "%i", "%f", "%j", "%O"]) if (place !== "%s" || !NATIVE.includes(code)) codes.push(`console.log("${place}|", ${code})`);
}
for (let i = 0; i < 2000; i++) codes.push(`console.log(${value(1 + below(5))})`);
for (let length = 5; length < 40; length++) codes.push(`console.log(Array.from({ length: ${length} }, (_, i) => i * i))`, `console.log(Array.from({ length: ${length} }, (_, i) => "n".repeat(i % 7)))`, `console.log(Array.from({ length: ${length} }, (_, i) => ({ i })))`);
for (let width = 50; width < 90; width++) codes.push(`console.log({ a: "${"w".repeat(width)}", b: 1 })`, `console.log(["${"w".repeat(width)}", 1])`, `console.log({ a: 1, b: 2, c: "${"w".repeat(width - 20)}" })`, `console.log({ k: [1, 2, "${"w".repeat(width - 12)}"] })`);
codes.push("const c = { n: 1 }; c.self = c; console.log(c)", "const a = []; a.push(a, [a]); console.log(a)", "const m = new Map(); m.set('m', m); console.log({ m })", "const x = {}, y = { x }; x.y = y; console.log([x, y])", "const p = { a: {} }; p.a.p = p; p.a.a = p.a; console.log(p, p.a)");
codes.push("console.log('z'.repeat(20000).length)", "console.log(['z'.repeat(10050)])", "console.log(Object.fromEntries(Array.from({ length: 300 }, (_, i) => ['k' + i, i])))", "console.log()", "console.log('')", "console.log('', '')", "console.log(' ', 5)");

const URLS = ["new URL('http://u:p@h:8/p?q=1&r#f')", "new URL('mailto:x@y')", "new (class Own extends URL {})('http://a/')", "new URLSearchParams('a=1&b=2&a=3')", "new URLSearchParams()", "new URLSearchParams('a=1').keys()", "new URLSearchParams('a=1').entries()", "new URLSearchParams().values()", "new URLSearchParams({ long: 'x'.repeat(50), other: 'y'.repeat(40) })"];
for (const url of URLS) codes.push(`console.log(${url})`, `console.log([${url}])`, `console.log({ a: { b: { u: ${url} } } })`, `console.log({ a: { b: { c: { u: ${url} } } } })`, `console.log("%s %j", ${url}, ${url})`);

// ---- formats

const FORMATS = ["%d", "%i", "%f", "%j", "%O", "%c", "%%", "%", "%x", "a", " ", "100%", "%s%s", "%%s", "é"];
for (let i = 0; i < 900; i++) codes.push(`console.log(${quoted(many(5, () => one(FORMATS)).join(one(["", " ", "-"])))}, ${many(4, leaf).concat("'end'")})`);
for (let i = 0; i < 300; i++) codes.push(`console.log(${quoted(many(4, () => one(["%s", "%s", "%d", "a"])).join(" "))}, ${many(4, () => one([...NUMBERS, ...PRIMITIVES, quoted(one(TEXTS))]))})`);
for (const code of ["[1, [2, [3]]]", "{ a: { b: { c: { d: { e: { f: 1 } } } } } }", "new Map([[1, { a: 1 }]])", "'text'", "new Uint8Array(2)", "5", "null", "new Set([1])"]) codes.push(`console.log("%o", ${code})`, `console.log("%o and %s", ${code}, ${code})`);

// ---- options of console.dir

const OPTIONS = ["depth: null", "depth: 0", "depth: 1", "depth: 5", "showHidden: true", "maxArrayLength: 2", "maxArrayLength: null", "maxArrayLength: 0", "maxStringLength: 4", "breakLength: 40", "breakLength: Infinity", "compact: true", "compact: false", "compact: 1", "sorted: true", "sorted: (a, b) => (a < b ? 1 : -1)", "getters: true", "getters: 'get'", "getters: 'set'", "colors: false"];
const SHOWN = ["[1, [2, [3, [4, [5]]]]]", "{ b: { c: { d: { e: 1 } } }, a: [1, 2, 3], text: 'some text that is not short' }", "[[[]]]", "{ get g() { return { deep: 1 }; }, set s(v) {}, get t() { throw new Error('no'); } }", "new Map([['b', { c: {} }], ['a', 1]])", "new Set(['b', 'a', ['c']])", "Array.from({ length: 20 }, (_, i) => 'item ' + i)", "{ z: 1, y: { x: 2, w: [3, 2, 1] } }"];
for (const options of OPTIONS) for (const shown of SHOWN) if (!(options.startsWith("showHidden") && shown.includes("get t"))) codes.push(`console.dir(${shown}, { ${options} })`);
for (let i = 0; i < 300; i++) codes.push(`console.dir(${value(4)}, { ${many(3, () => one(OPTIONS.filter((option) => !option.startsWith("showHidden")))).join(", ")} })`);
codes.push("console.dir(1)", "console.dir()", "console.dir({ a: 1 }, null)", "console.dir('text')", "console.dirxml({ a: 1 }, [2])");

// ---- tables

const cell = () => one([one(NUMBERS), quoted(one(TEXTS)), one(PRIMITIVES), "{ a: 1 }", "{ a: 1, b: 2, c: 3 }", "[1, 2, 3, 4]", "new Date(0)", "[[1]]", "() => 1"]);
const column = () => quoted(one(WORDS.slice(0, 12)));
for (let i = 0; i < 500; i++) {
  const row = () => (below(5) ? `{ ${many(4, () => `${column()}: ${cell()}`)} }` : below(2) ? `[${many(3, cell)}]` : cell());
  const data = one([`[${many(5, row)}]`, `{ ${many(4, () => `${column()}: ${row()}`)} }`, `new Map([${many(3, () => `[${cell()}, ${cell()}]`)}])`, `new Set([${many(4, cell)}])`]);
  codes.push(`console.table(${data})`);
  if (below(3) === 0) codes.push(`console.table(${data}, [${many(3, column)}])`);
}
for (const data of ["1", "'text'", "null", "undefined", "[]", "{}", "new Uint8Array(3)", "'s', ['a']", "[1], 'no'", "[{ a: 1 }], ['b']", "new Date(0)", "() => 1", "[undefined, null]"]) codes.push(`console.table(${data})`);

// ---- groups, counts, timers, assertions

const CALLS = ["console.group()", "console.group('g')", "console.group('two\\nlines', { a: 1 })", "console.groupCollapsed('c')", "console.groupEnd()", "console.log('line')", "console.log('two\\nlines')", "console.log({ a: 'x'.repeat(70), b: 'y'.repeat(20) })", "console.count()", "console.count('c')", "console.count(undefined)", "console.count(5)", "console.countReset()", "console.countReset('c')", "console.warn('w')", "console.error({ e: 1 })", "console.info('i', 1)", "console.debug([1])", "console.assert(true, 'no')", "console.assert(false)", "console.assert(false, 'why %s', 'so')", "console.assert(0, { a: 1 })", "console.assert(null, 'a', { b: [1] })", "console.table([{ a: 1 }])", "console.dir({ d: 1 })", "console.clear()"];
const RESET = "for (let i = 0; i < 30; i++) console.groupEnd();";
for (let i = 0; i < 500; i++) codes.push(`console.count(); console.count('c'); console.countReset(); console.countReset('c'); ${Array.from({ length: 1 + below(9) }, () => one(CALLS)).filter((call, at, all) => !call.includes("countReset") || all.slice(0, at).filter((one) => one.startsWith("console.count(")).length > 9).join("; ")}; ${RESET}`);
for (const label of ["Symbol()", "{ toString() { throw new RangeError('t'); } }"]) for (const method of ["count", "time", "timeEnd", "countReset"]) codes.push(`console.${method}(${label})`);
for (const [call, passed] of [["log", "console.log"], ["error", "console.error"]]) codes.push(`const { ${call} } = console; ${call}('bound'); [1, 2].forEach(${passed})`);
for (const name of ["log", "table", "group", "dir", "assert", "count", "trace", "time"]) codes.push(`console.log(Object.entries(Object.getOwnPropertyDescriptor(console, "${name}")).slice(1), console.${name}.name)`);
codes.push("console.log(Object.prototype.toString.call(console))", "console.log('%s', { toString() { throw new RangeError('own'); } })", "console.log('%d', { valueOf() { return 7; } })", "console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new RangeError('own'); } })");

// ---- Node's answers

import "./stack.js";

function answer(code) {
  const printed = [];
  const original = [process.stdout.write, process.stderr.write];
  process.stdout.write = process.stderr.write = (text) => printed.push(text.slice(0, -1));
  try {
    (0, eval)(`(() => { ${code} })()`);
  } catch (error) {
    printed.push(`throws ${error.name}`);
  } finally {
    [process.stdout.write, process.stderr.write] = original;
  }
  return printed;
}

write(codes, answer);
