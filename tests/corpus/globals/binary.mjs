// atob, btoa, TextEncoder, TextDecoder and structuredClone: pieces of code and what Node returns or throws.
//
//     TZ=UTC node tests/corpus/globals/binary.mjs > tests/corpus/globals/binary.jsonl.gz

import "./show.js";
import { chance, write } from "./chance.mjs";

const { below, many, one } = chance(20261127);
const quoted = JSON.stringify;
const codes = [];

// ---- properties of the functions themselves

for (const name of ["atob", "btoa", "structuredClone", "TextEncoder", "TextDecoder", "DOMException"]) {
  codes.push(`return ${name}`, `return Object.getOwnPropertyDescriptor(globalThis, "${name}").enumerable`);
  if (/^[a-z]/.test(name)) codes.push(`return ${name}()`, `return ${name}.call(1, Symbol())`);
  else codes.push(`return new ${name}()`, `return Object.getOwnPropertyNames(${name}.prototype).sort()`);
}
for (const member of ["encode", "encodeInto", "decode", "encoding", "fatal", "ignoreBOM", "name", "message", "code"]) {
  for (const name of ["TextEncoder", "TextDecoder", "DOMException"]) {
    codes.push(`const d = Object.getOwnPropertyDescriptor(${name}.prototype, "${member}"); return d && [d.enumerable, d.configurable, d.value]`);
  }
}
for (const options of ["", "'m'", "'m', 'NotFoundError'", "'m', {name: 'DataCloneError'}", "'m', {cause: 5}", "1, null", "{}, 7", "'m', 'Own'"]) {
  codes.push(`return new DOMException(${options})`, `return String(new DOMException(${options}))`, `return new DOMException(${options}) instanceof Error`);
}

// ---- base64

const LETTERS = [..."ABCxyz019+/=", "=", "==", " ", "\n", "\t", "\f", "\r", "\v", "-", "_", "é", "\0", ".", "\u00a0"];
const BYTES = ["\0", "a", "Z", "~", "\u0080", "\u00ff", "é", " ", "\n"];
for (let i = 0; i < 1500; i++) codes.push(`return atob(${quoted(many(1 + below(12), () => one(LETTERS)).join(""))})`);
for (let i = 0; i < 500; i++) {
  const text = many(40, () => String.fromCharCode(below(256))).join("");
  codes.push(`return btoa(${quoted(text)})`, `return atob(${quoted(btoa(text))})`, `return atob(${quoted(btoa(text).replace(/=+$/, ""))})`);
}
for (let i = 0; i < 300; i++) codes.push(`return btoa(${quoted(many(9, () => one([...BYTES, "€", "\ud800", "😀"])).join(""))})`);
for (const value of ["null", "undefined", "12", "1.5", "{}", "[]", "['YQ', 'YQ']", "true", "new String('YQ==')", "Symbol('s')", "{toString() { throw 1; }}"]) {
  codes.push(`return atob(${value})`, `return btoa(${value})`);
}
codes.push("return atob('YWFh'.repeat(20000)).length", "return btoa('x'.repeat(50000)).slice(-30)");

// ---- text encodings

const LABELS = ["utf-8", "utf8", "UTF-8", " utf-8\n", "unicode-1-1-utf-8", "unicode11utf8", "x-unicode20utf8", "utf-16", "utf-16le", "UCS-2",
  "unicode", "csunicode", "utf-16be", "unicodefffe", "latin1", "LATIN1", "l1", "ascii", "us-ascii", "iso-8859-1", "iso8859-1", "cp1252", "windows-1252",
  "ibm819", "x-cp1252", "", "utf", "utf-32", "utf\u00a0-8", "x-user-defined", "none"];
for (const label of LABELS) codes.push(`return new TextDecoder(${quoted(label)}).encoding`, `return new TextDecoder(${quoted(label)}).decode(new Uint8Array([65, 128, 0, 216, 66]))`);
const PIECES = [[0x41], [0xc3, 0xa9], [0xe2, 0x82, 0xac], [0xf0, 0x9f, 0x98, 0x80], [0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff], [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80], [0xc0, 0x80], [0xe2, 0x82], [0xf0, 0x9f], [0x80], [0xff], [0x3d, 0xd8], [0x00, 0xde], [0xd8, 0x3d], [0xf0, 0x80], [0xe0, 0x9f], [0]];
const OPTIONS = ["", ", {fatal: true}", ", {ignoreBOM: true}", ", {fatal: true, ignoreBOM: true}", ", {}", ", undefined"];
const bytes = () => many(6, () => (below(3) ? one(PIECES) : [below(256)])).flat().join();
for (const encoding of ["utf-8", "utf-8", "utf-16le", "utf-16be", "latin1"]) {
  for (let i = 0; i < 500; i++) {
    // Node 20 drops a first 0xff of "latin1" with `ignoreBOM`, which is not imitated
    const made = `const d = new TextDecoder("${encoding}"${encoding === "latin1" ? "" : one(OPTIONS)});`;
    codes.push(`${made} return d.decode(new Uint8Array([${bytes()}]))`);
    codes.push(`${made} return [d.decode(new Uint8Array([${bytes()}]), {stream: true}), d.decode(new Uint8Array([${bytes()}]), {stream: true}), d.decode()]`);
  }
}
const CHARACTERS = ["a", "é", "€", "😀", "\ud800", "\udc00", "\0", "\u07ff", "\u0800", "\uffff", "\u{10ffff}", "zz"];
for (let i = 0; i < 600; i++) {
  const text = quoted(many(8, () => one(CHARACTERS)).join(""));
  codes.push(`return new TextEncoder().encode(${text})`, `const a = new Uint8Array(${below(12)}); return [new TextEncoder().encodeInto(${text}, a), a]`);
}
for (const value of ["undefined", "null", "1", "{}", "Symbol()", "'x'"]) codes.push(`return new TextEncoder().encode(${value})`);
for (const value of ["null", "'x'", "{}", "[]", "1", "new ArrayBuffer(2)", "new DataView(new ArrayBuffer(4), 1, 2)", "new Uint16Array([65, 233])", "new BigInt64Array([65n])"]) {
  codes.push(`return new TextDecoder().decode(${value})`, `return new TextEncoder().encodeInto("a", ${value})`, `return new TextEncoder().encodeInto(${value}, new Uint8Array(1))`);
}
for (const options of ["5", "null", "'x'", "true", "() => 1", "[]", "{fatal: 1}", "{fatal: ''}"]) codes.push(`return new TextDecoder("utf-8", ${options}).fatal`);
codes.push("return new TextDecoder().decode(new Uint8Array(30000).fill(233)).length", "return new TextDecoder().decode(new TextEncoder().encode('ção'.repeat(9000))).length");

// ---- structuredClone: values as code. `twice` is a name for one value in several places

const LEAVES = ["1", "-0", "NaN", "Infinity", "2 ** 53", "'t'", "'é\\ud800'", "true", "null", "undefined", "5n", "new Date(5)", "new Date(NaN)", "/a+/gi",
  "new String('s')", "new Number(-0)", "new Boolean(false)", "Object(7n)", "new Error('e')", "new RangeError('r', {cause: {a: 1}})", "new AggregateError([1], 'g')",
  "Object.assign(new TypeError('t'), {code: 1})", "Object.assign(new Error('n'), {name: 'Own'})", "new ArrayBuffer(3)", "new Uint8Array([1, 2, 3])", "new Float64Array([NaN, -0])",
  "new DataView(new ArrayBuffer(4), 1, 2)", "new BigInt64Array([-1n])", "twice", "twice", "Object.create(null)", "Object.create({a: 1})", "new (class Own { a = 1; #b = 2; get c() { return 3; } })()",
  "new (class List extends Array {})(1, 2)", "new (class Table extends Map {})([[1, 2]])", "[, 1, ,]", "Math", "JSON", "new DOMException('m', 'AbortError')",
  "{get g() { return 1; }}", "{get g() { delete this.h; return 1; }, h: 2}", "Object.defineProperty({v: 1}, 'hidden', {value: 1})", "{[Symbol('k')]: 1, v: 2}"];
const REFUSED = ["() => 1", "function named() {}", "class Kind {}", "Symbol('s')", "Object(Symbol('s'))", "new WeakMap()", "new WeakSet()", "Promise.resolve(1)", "new Proxy({}, {})",
  "new Proxy([], {})", "(function* () {})()", "(async function* () {})()", "new Map().keys()", "[].values()", "''[Symbol.iterator]()", "(function () { return arguments; })()", "globalThis", "async () => 1",
  "{get g() { throw new RangeError('own'); }}", "new (class extends Promise {})(() => 0)"];
const KEYS = ["a", "b", "1", "0", "__proto__x", "toString", "constructor", "['__proto__']", "é"];

function value(depth) {
  if (depth === 0 || below(3) === 0) return one(below(12) ? LEAVES : REFUSED);
  const inner = () => value(depth - 1);
  switch (below(5)) {
    case 0: return `[${many(4, inner)}]`;
    case 1: return `new Map([${many(3, () => `[${inner()}, ${inner()}]`)}])`;
    case 2: return `new Set([${many(3, inner)}])`;
    default: return `{${many(4, () => `${quotedKey(one(KEYS))}: ${inner()}`)}}`;
  }
}

const quotedKey = (key) => (key.startsWith("[") ? key : quoted(key));
for (const leaf of [...LEAVES, ...REFUSED]) codes.push(`const twice = {}; return structuredClone(${leaf.startsWith("{") ? `(${leaf})` : leaf})`);
for (let i = 0; i < 2500; i++) codes.push(`const twice = {t: [1]}; return structuredClone([${value(3)}])`);
for (const transfer of ["[b]", "[b, b]", "[{}]", "1", "null", "undefined", "new Set([b])", "'x'", "[1]", "[new Uint8Array(2)]", "{}"]) {
  codes.push(`const b = new ArrayBuffer(4); const r = structuredClone({b, u: new Uint8Array(b, 1)}, {transfer: ${transfer}}); return [r, b.byteLength, r.u.buffer === r.b]`);
}
codes.push("return structuredClone(1, 5)", "return structuredClone(1, null)", "const b = new ArrayBuffer(4); structuredClone(b, {transfer: [b]}); return structuredClone(b)");
codes.push("const o = {}; o.o = o; const c = structuredClone(o); return c.o === c && c !== o", "const m = new Map(); m.set(m, m); const c = structuredClone(m); return c.get(c) === c");
codes.push("const s = new Set(); s.add(s); const c = structuredClone(s); return c.has(c)");
codes.push("let d = {}; for (let i = 0; i < 2000; i++) d = i % 2 ? {d} : [d]; let c = structuredClone(d), n = 0; while (c = c.d ?? c[0]) n++; return n");

write(codes, show);
