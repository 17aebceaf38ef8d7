function process(data) { return data; }
// ----
var process = function (data) { var out = []; for (var i = 0; i < 3; i++) { var row = data[i]; out.push(row); } return [i, row, out]; };
// ----
const process = async (data) => { const rows = await Promise.all([data].map(async (x) => x)); return rows.length; };
// ----
async function process(data) { for await (const row of data) { await null; void row; } return 1; }
// ----
let process; process = (data) => Object.keys(data).length;
// ----
globalThis.process = (data) => helper(data); function helper(x) { return [x].flat(); }
// ----
this.process = function (d) { return total(d, 0); }; function total(d, start) { return [d].reduce((sum) => sum + 1, start); }
// ----
(function (root) { root.process = function (data) { return typeof data; }; })(this);
// ----
(function () { "use strict"; function clean(s) { return String(s).trim(); } globalThis.process = function (d) { return clean(d); }; }());
// ----
;(function (global, factory) {
  typeof exports === "object" && typeof module !== "undefined" ? factory(exports)
    : typeof define === "function" && define.amd ? define(["exports"], factory)
    : (global = typeof globalThis !== "undefined" ? globalThis : global || self, factory(global.lib = {}));
})(this, function (exports) { "use strict"; exports.double = function (x) { return x * 2; }; });
function process(d) { return lib.double(2); }
// ----
(function (root, factory) {
  if (typeof define === "function" && define.amd) { define([], factory); }
  else if (typeof module === "object" && module.exports) { module.exports = factory(); }
  else { root.stats = factory(); }
}(typeof self !== "undefined" ? self : this, function () { return { mean: function (a) { return a.length; } }; }));
function process(d) { return stats.mean([d]); }
// ----
function process(data) { return data; }
if (typeof module !== "undefined" && module.exports) { module.exports = { process: process }; }
// ----
function process(data) { return data; }
if (typeof exports !== "undefined") exports.process = process;
// ----
function process(data) { return 1; }
typeof module === "object" && (module.exports = process);
// ----
var isNode = typeof window === "undefined" && typeof require === "function";
function process(d) { return isNode ? 1 : 2; }
// ----
var root = typeof self == "object" && self.self === self && self || typeof global == "object" && global.global === global && global || Function("return this")() || {};
function process(d) { return root === globalThis; }
// ----
var freeGlobal = typeof global == "object" && global && global.Object === Object && global;
var freeSelf = typeof self == "object" && self && self.Object === Object && self;
var root = freeGlobal || freeSelf || Function("return this")();
function process(d) { return Boolean(root); }
// ----
try { var _ = require("lodash"); } catch (e) { var _ = { sum: function (a) { return a.length; } }; }
function process(d) { return _.sum([d]); }
// ----
function process(d) { let f; try { f = fetch; } catch { f = null; } return f === null || true; }
// ----
#!/usr/bin/env node
// totals by month
function process(d) { return 1; }
// ----
<!-- hidden from old browsers
function process(d) { return 1; }
--> the end
// ----
"use strict";
const process = (d) => { const { a = 1, b: { c = a } = {}, ...rest } = d; return [a, c, rest]; };
// ----
const process = ({ rows = [], key = "id", by = (row) => row[key] } = {}) => rows.map(by);
// ----
function process(d, limit = defaults.limit, size = limit * 2) { return [limit, size]; }
const defaults = { limit: 5 };
// ----
function f(a, b = () => a) { var a = 2; return b(); }
function process(d) { return f(1); }
// ----
function process(d) { return inner(); function inner() { return later; } }
var later = 3;
// ----
function process(d) { if (d) { function hoisted() { return 1; } } return hoisted(); }
// ----
function process(d) { switch (typeof d) { case "object": { function label() { return "o"; } } default: var kind = label(); } return kind; }
// ----
function process(d) { { var inside = 1; } for (var k in d) var last = k; return [inside, k, last]; }
// ----
function process() { return arguments.length + arguments[0].length; }
// ----
const process = function self2(d) { return Array.isArray(d) ? d.map(self2) : 1; };
// ----
const fact = function fact(n) { return n < 2 ? 1 : n * fact(n - 1); }, process = () => fact(5);
// ----
function Row(v) { if (!new.target) return new Row(v); this.v = v; }
Row.prototype.get = function () { return this.v; };
function process(d) { return Row(1).get(); }
// ----
class Base { constructor(n) { this.n = n; } static of(n) { return new this(n); } }
class Sub extends Base { get double() { return this.n * 2; } set double(v) { this.n = v / 2; } }
function process(d) { const s = Sub.of(2); s.double = 8; return s.double; }
// ----
class Counter { #n = 0; static #made = 0; static total() { return Counter.#made; } constructor() { Counter.#made++; } inc() { return ++this.#n; } static is(o) { return #n in o; } }
function process(d) { const c = new Counter(); c.inc(); return [c.inc(), Counter.total(), Counter.is(c)]; }
// ----
class Config { static defaults = { a: 1 }; static { this.b = Config.defaults.a; const c = 2; this.c = c; } ["x" + 1] = 1; y = this.x1; }
function process(d) { return [Config.b, Config.c, new Config().y]; }
// ----
const Mixin = (B) => class extends B { hi() { return "hi"; } };
class P {} class Q extends Mixin(P) {}
function process() { return new Q().hi(); }
// ----
function* pairs(o) { for (const k in o) yield [k, o[k]]; }
function process(d) { return [...pairs({ a: 1 })].concat(Array.from(pairs({ b: 2 }))); }
// ----
function* walk(x) { const got = yield x; if (got) yield* walk(got); }
function process(d) { const w = walk(1); return [w.next().value, w.next(2).value]; }
// ----
async function* pages(n) { let i = 0; while (i < n) yield i++; }
async function process(d) { const out = []; for await (const p of pages(2)) out.push(p); return out; }
// ----
const iterable = { *[Symbol.iterator]() { yield 1; }, async *other() {}, get size() { return 1; }, set size(v) {}, async run() {}, "quoted key": 1, 3: 4, [`t${1}`]: 5 };
const process = () => [...iterable, iterable.size];
// ----
function process(d) { outer: for (const a of [1, 2]) { inner: for (const b of [1, 2]) { if (b === 2) continue outer; if (a === 2) break inner; } } block: { break block; } return 1; }
// ----
function process(d) { with ({ x: 1, y: 2 }) { return x + y; } }
// ----
function process(d) { var f = eval("(function (a) { return a + 1; })"); return f(1); }
// ----
function process(d) { eval("var made = 3"); return made; }
// ----
var add = new Function("a", "b", "return a + b"); function process(d) { return add(1, 2); }
// ----
function process(d) { var a, b, c; return a = 1, b = a + 1, c = [a, b], c; }
// ----
function process(d) { for (var i = 0, n = 3, out = []; i < n; out.push(i), i++); return out; }
// ----
function process(d) { try { throw new Error("x"); } catch { return 1; } finally { d = null; } }
// ----
function process(d) { try { null.x; } catch ({ name, message: [first] }) { return name + first; } }
// ----
function process(d) { try { throw 1; } catch (e) { var e = 2; return e; } }
// ----
const tag = (strings, ...values) => strings.raw.join("|") + values.length;
const process = (d) => tag`a${1}b${tag`c\u`}`;
// ----
const process = (d) => `${d?.a ?? `${[1, 2].map((x) => `<${x}>`).join("")}`}`;
// ----
const process = (d) => d?.rows?.[0]?.name?.toString?.() ?? null;
// ----
let cache; const process = (d) => { cache ??= {}; cache.n ||= 1; cache.n &&= 2; cache.n **= 2; return cache; };
// ----
const process = (d) => [1_000, 0b11, 0o17, 0xff, .5, 5., 1e3, 10n ** 20n > 0n, 010];
// ----
var async = 1, of = 2, get = 3, set = 4, let = 5, yield = 6, await = 7, static = 8, from = 9, as = 10, type = 11;
function process(d) { return async + of + get + set + let + yield + await + static + from + as + type; }
// ----
var undefined; var NaN2 = NaN; function process(d) { return [undefined, Infinity, isNaN(NaN2), isFinite(1), parseInt("1"), parseFloat("1"), encodeURIComponent("é"), decodeURI("a"), escape("é"), unescape("a")]; }
// ----
const process = (d) => [Map, Set, WeakMap, WeakSet, Proxy, Reflect, Symbol, BigInt, Promise, Date, RegExp, Error, AggregateError, JSON, Math, ArrayBuffer, DataView, Uint8Array, Float64Array, queueMicrotask].map((f) => typeof f);
// ----
counter = 0; function process(d) { counter++; step = 2; return counter + step; }
// ----
for (key in { a: 1 }) last = key; for (item of [1]) seen = item; [p, { q, ...r }] = [1, { q: 2 }];
function process(d) { return [key, last, item, seen, p, q, r]; }
// ----
Object.defineProperty(globalThis, "VERSION", { value: 1 }); function process(d) { return VERSION; }
// ----
Object.assign(globalThis, { helperA: 1, helperB: (x) => x }); function process(d) { return helperB(helperA); }
// ----
for (const name of ["first", "second"]) globalThis[name] = name.length; function process(d) { return first + second; }
// ----
var App = App || {}; App.utils = App.utils || {}; App.utils.up = function (s) { return s.toUpperCase(); };
function process(d) { return App.utils.up("a"); }
// ----
var MyLib = (function (lib) { var hidden = 1; lib.get = function () { return hidden; }; return lib; })(MyLib || {});
function process(d) { return MyLib.get(); }
// ----
var self = this; var that = self; function process(d) { return that === self; }
// ----
var window = this, global = this; window.x = 1; function process(d) { return global.x; }
// ----
var require = function (name) { return modules[name]; }, module = { exports: {} }, exports = module.exports, modules = { a: 1 };
function process(d) { return require("a"); }
// ----
!function () { var n = 1; function process2() { return n; } globalThis.process = process2; }();
// ----
var process = (function () { var memo = {}; return function (d) { return memo.hit = (memo.hit | 0) + 1; }; }());
// ----
var __extends = (this && this.__extends) || (function () {
  var extendStatics = function (d, b) { extendStatics = Object.setPrototypeOf || ({ __proto__: [] } instanceof Array && function (d, b) { d.__proto__ = b; }); return extendStatics(d, b); };
  return function (d, b) { extendStatics(d, b); function __() { this.constructor = d; } d.prototype = b === null ? Object.create(b) : (__.prototype = b.prototype, new __()); };
})();
var A = (function () { function A() {} return A; }()); var B = (function (_super) { __extends(B, _super); function B() { return _super !== null && _super.apply(this, arguments) || this; } return B; }(A));
function process(d) { return new B() instanceof A; }
// ----
var __awaiter = (this && this.__awaiter) || function (thisArg, _arguments, P, generator) { return new (P || (P = Promise))(function (resolve, reject) { resolve(generator.apply(thisArg, _arguments || []).next().value); }); };
function process(d) { return __awaiter(this, void 0, void 0, function* () { return 1; }); }
// ----
var Kind; (function (Kind) { Kind[Kind["A"] = 0] = "A"; })(Kind || (Kind = {})); function process(d) { return Kind.A; }
// ----
function _classCallCheck(i, C) { if (!(i instanceof C)) throw new TypeError("x"); } var _default = { a: 1 }, _ref = _default, _a = _ref.a, a = _a === void 0 ? 2 : _a;
function process(d) { var _this = this; _classCallCheck(new process2(), process2); return a; } function process2() {}
// ----
"use strict"; function process(d) { const seen = new Set(); return [3, 1, 3].filter((x) => !seen.has(x) && seen.add(x)).sort((a, b) => a - b); }
// ----
const groupBy = (rows, key) => rows.reduce((acc, row) => ((acc[row[key]] ||= []).push(row), acc), {});
const process = (d) => groupBy([{ k: "a", v: 1 }, { k: "b", v: 2 }], "k");
// ----
const parse = (csv) => csv.split(/\r?\n/).filter(Boolean).map((line) => line.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)); const process = (d) => parse("a;b\n1;\"2;3\"");
// ----
const toNumber = (s) => Number(s.replace(/\./g, "").replace(",", ".")); const process = (d) => toNumber("1.234,56");
// ----
const pad = (n) => String(n).padStart(2, "0"); const process = (d) => { const t = new Date(0); return `${t.getUTCFullYear()}-${pad(t.getUTCMonth() + 1)}-${pad(t.getUTCDate())}`; };
// ----
const RE = /(?<year>\d{4})-(?<month>\d\d)/u; function process(d) { const { groups: { year, month } } = RE.exec("2024-05"); return { year, month }; }
// ----
const rx = /[/\]]+(?=a)(?!b)(?<=c)(?<!d)|\/|\u{1F600}|[^]/gimsuy, division = 4 / 2 / 1; function process(d) { return rx.source + division; }
// ----
const compose = (...fns) => (x) => fns.reduceRight((v, f) => f(v), x), curry = (f) => (a) => (b) => f(a, b); const process = (d) => compose((x) => x + 1, curry((a, b) => a * b)(2))(3);
// ----
const process = (d) => { const { a, b: { c }, ...others } = { a: 1, b: { c: 2 }, e: 3 }, [x, , y = x, ...zs] = [1, 2]; let m, n; [m, n] = [x, y]; ({ m, k: n = m } = { m: 5 }); return [a, c, others, zs, m, n]; };
// ----
const o = { a: 1, get b() { return this.a; }, c() { return super.toString; }, __proto__: null, async: 1, await: 2, if: 3 }; const process = (d) => [o.b, o.if, o.async];
// ----
function process(d) { do var n = (n | 0) + 1; while (n < 3) return n }
// ----
function process(d) { var a = 1
  var b = 2
  ;[a, b] = [b, a]
  return [a, b]
}
// ----
function process(d) { let x = 1; { let x = 2; { const y = x; x = y + 1; } } for (let x of [5]) void x; return x; }
// ----
function process(d) { const fs = []; for (let i = 0; i < 2; i++) fs.push(() => i); return fs.map((f) => f()); }
// ----
var fs = { readFileSync: () => "a" }, path = { join: (...p) => p.join("/") }; function process(d) { return path.join(fs.readFileSync(), "b"); }
// ----
function process(document) { const location = document, history = [location], name = history.length; return name; }
// ----
const fetch = (x) => x, Buffer = { from: (x) => x }, alert = console.log; function process(d) { alert(1); return fetch(Buffer.from(1)); }
// ----
function process(d) { return { require: 1, module: 2, exports: 3, window: 4, document: 5, fetch: 6, process: 7, Buffer: 8 }; }
// ----
function process(d) { const o = { fetch: () => 1, env: { A: 1 }, process: { env: 1 } }; return o.fetch() + o.env.A + o.process.env; }
// ----
function process(d) { return process.cache || (process.cache = {}), process.length + process.name; }
// ----
process.calls = 0; function process(d) { process.calls += 1; return process.calls; }
// ----
const debug = typeof process !== "undefined" && process.env && process.env.DEBUG; function process(d) { return debug || 1; }
// ----
const isTest = typeof process === "object"; function process(d) { return isTest; }
// ----
const env = (typeof process !== "undefined" && process.env) || {}; function process(d) { return env.HOME || 1; }
// ----
function process(d) { var has = typeof Intl !== "undefined"; return has || true; }
// ----
if (typeof structuredClone === "undefined") { globalThis.clone2 = (x) => JSON.parse(JSON.stringify(x)); } function process(d) { return typeof clone2; }
// ----
if (!Array.prototype.last) Array.prototype.last = function () { return this[this.length - 1]; }; String.prototype.shout = function () { return this + "!"; }; function process(d) { return [1].last() + "a".shout(); }
// ----
if (!globalThis.setTimeout) globalThis.setTimeout = (f) => f(); if (!("btoa" in globalThis)) globalThis.btoa = (x) => x; function process(d) { return 1; }
// ----
var console2 = console || { log: function () {} }; function process(d) { console2.log("%s", 1); console.error(1); console.warn(2); console.info(3); console.debug(4); return 1; }
// ----
function process(d) { debugger; ; ; return void 0 === undefined; }
// ----
function process(d) { return delete d.x, delete d["y"], "x" in d, d instanceof Object, !d, -1, +1, ~1, typeof missing, void 0; }
// ----
function process(d) { if (typeof missing === "function") return missing(); if (typeof other !== "undefined" && other.ready) return other.value; return 1; }
// ----
function process(d) { var i = 0; return i++ + ++i - i-- - --i + (i ? -i : +i) ** 2; }
// ----
const \u0061b = 1, ação = 2, 变量 = 3, $ = 4, _ = 5, 𠮷 = 6; const process = (d) => ab + ação + 变量 + $ + _ + 𠮷;
// ----
const process = (d) => { /* a /* nested-looking */ // comment with `ticks` and 'quotes'
  return "// not a comment /* nor this */" + '\'' + "\"" + `\`` + "\
continued"; };
// ----
function process(d) { return a(); function a() { return b(); function b() { return c; } } var c; }
// ----
var handlers = { sum: function (xs) { return xs.length; }, max: (xs) => Math.max(...xs) }; function process(d) { return Object.entries(handlers).map(function ([name, f]) { return [name, f([1, 2])]; }); }
// ----
function memoize(fn) { var cache = new Map(); return function (key) { if (!cache.has(key)) cache.set(key, fn.apply(this, arguments)); return cache.get(key); }; } var slow = memoize(function (n) { return n * 2; }); function process(d) { return slow(2); }
// ----
function Queue() { var items = []; this.push = function (x) { items.push(x); return this; }; this.size = function () { return items.length; }; } function process(d) { var q = new Queue; return q.push(1).push(2).size(); }
// ----
Queue.prototype = { constructor: Queue, push: function (x) { (this.items = this.items || []).push(x); } }; function Queue() {} function process(d) { new Queue().push(1); return 1; }
// ----
var Enum = Object.freeze({ A: Symbol("a"), B: Symbol.for("b") }); const process = (d) => Object.getOwnPropertyNames(Enum);
// ----
const sleep = (v) => new Promise((resolve) => resolve(v)); async function process(d) { const [a, b] = await Promise.allSettled([sleep(1), Promise.reject(new Error("x")).catch(() => 2)]); return [a, b]; }
// ----
const process = async (d) => { try { await (async () => { throw new TypeError("t"); })(); } catch (err) { return err.name; } finally { await 0; } };
// ----
const view = new DataView(new ArrayBuffer(8)); view.setFloat64(0, 1.5); const process = (d) => Array.from(new Uint8Array(view.buffer), (b) => b.toString(16));
// ----
const handler = { get(target, key, receiver) { return Reflect.get(target, key, receiver) ?? key; } }; const process = (d) => new Proxy({}, handler).anything;
// ----
function process(d) { return [..."añ😀"].map((ch) => ch.codePointAt(0).toString(16)).concat("é".normalize("NFD").length); }
// ----
var i = 10; while (i --> 0) ; function process(d) { return i; }
// ----
var a = 1, b = 2, g = 3; var q = a / b / g, m = a /b/g; function process(d) { return q === m; }
// ----
function process(d) { return function () { return this; }.call(5) + (() => this === globalThis)() + (function () { "use strict"; return this === undefined; })(); }
// ----
label: { const process2 = 1; } var process = function () { return new (class { static x = 1; })().constructor.x; };
// ----
var result = []; [1, 2, 3].forEach(function (value, index, array) { result.push([value, index, array.length]); }, this); function process(d) { return result; }
// ----
var CONFIG = { "threshold": 0.5, 'name': "x", nested: { deep: [1, [2, [3]]] } }, process = function process(data) { return CONFIG.nested.deep.flat(Infinity); };
// ----
function process(d) { const m = new Map([["a", 1]]); m.forEach((v, k, all) => all.set(k, v + 1)); return Object.fromEntries([...m].map(([k, v]) => [k, v])); }
// ----
function process(d) { return [5, 1, 4].toSorted((x, y) => x - y).with(0, 9).at(-1) + [1, 2].findLast((x) => x); }
// ----
function process(rows) { let total = 0n; for (const [i, { v = "1" }] of [{ v: "12" }, {}].entries()) total += BigInt(v) * BigInt(i + 1); return total.toString(); }
// ----
const u = undefined; const safe = (f, fallback = u) => { try { return f(); } catch (_) { return fallback; } }; const process = (d) => safe(() => JSON.parse("{"), "bad");
// ----
const bySize = (a, b) => (a > b) - (a < b) || 0; const rank = (xs) => xs.slice().sort(bySize).map((x, i) => ({ x, i })); const process = (d) => rank([3, 1, 2]);
// ----
const quantile = (xs, q) => { const s = [...xs].sort((a, b) => a - b), p = (s.length - 1) * q, lo = Math.floor(p); return s[lo] + (s[Math.min(lo + 1, s.length - 1)] - s[lo]) * (p - lo); }; const process = (d) => quantile([1, 2, 3, 4], 0.5);
// ----
function process(d) { var o = { valueOf: function () { return 42; }, toString: () => "s", [Symbol.toPrimitive]: undefined }; return o * 1 + `${o}`; }
// ----
if (true) { var early = 1; } else { function never() {} } function process(d) { return [early, typeof never]; }
// ----
switch (1) { case 0: let scoped; case 1: scoped2 = 2; break; default: var fallthrough = 3; } function process(d) { return [scoped2, fallthrough]; }
// ----
var fn = function () { return fn2(); }, fn2 = () => fn3(), fn3 = async () => 1; async function process(d) { return await fn(); }
// ----
const it = { from: 0, to: 2, [Symbol.iterator]() { let { from: cur, to: end } = this; return { next: () => cur <= end ? { value: cur++, done: false } : { value: undefined, done: true } }; } }; const process = (d) => Math.max(...it);
// ----
const later2 = () => K; class K { static x = later2; static y = K.x.length; #p = () => this.#p; q() { return typeof this.#p(); } } const process = (d) => [K.y, new K().q()];
// ----
globalThis["dyn" + "amic"] = 5; function process(d) { return dynamic; }
// ----
Reflect.set(globalThis, "viaReflect", 1); function process(d) { return viaReflect; }
// ----
var g = globalThis; g.exported = 3; function process(d) { return exported; }
// ----
[this.alpha, this.beta] = [1, 2]; ({ c: this.gamma } = { c: 3 }); function process(d) { return alpha + beta + gamma; }
// ----
this.count = this.count || 0; this.count++; function process(d) { return count; }
// ----
(0, eval)("var indirect = 4"); function process(d) { return indirect; }
