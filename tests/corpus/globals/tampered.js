// Globals used after a script has spoilt every builtin that it can reach, and, if the dataset is true, before that as well: each
// time they do the same. The pieces use only syntax and their own globals; the test compares what they give and print.

const bytes = new Uint8Array([65, 195, 169, 66]);
const whole = {
  a: [1, { b: 2 }], m: new Map([[1, { x: 1 }]]), s: new Set([1]), d: new Date(5), r: /a/g, u: new Uint8Array([1, 2]),
  e: new TypeError("t"), n: Object(5), v: new DataView(new ArrayBuffer(4)),
};

const { apply } = Reflect;
const { sort, toSorted } = Array.prototype;
const { asUintN } = BigInt;
const typed = Object.getPrototypeOf(Int8Array.prototype);
const typedArrays = { sort: typed.sort, toSorted: typed.toSorted, set: typed.set };
const dates = { toString: Date.prototype.toString, toTimeString: Date.prototype.toTimeString, setMonth: Date.prototype.setMonth };

const USED = [
  () => { const a = apply(toSorted, apply(sort, [3, 1, 2], [(x, y) => x - y]), [(x, y) => y > x]); return "" + a[0] + a[1] + a[2] + asUintN(8, -1n); },
  () => {
    const buffer = new ArrayBuffer(4);
    const a = new Int8Array(buffer);
    for (let i = 0; i < 4; i++) a[i] = (i * 3 + 2) % 4;
    apply(typedArrays.sort, a, [(x, y) => x - y]);
    const b = apply(typedArrays.toSorted, a, [(x, y) => y - x]);
    const text = "" + a[0] + a[1] + a[2] + b[0] + b[1] + b[2];
    apply(typedArrays.set, new Int16Array(buffer), [new Int8Array(buffer, 1, 2)]);
    return text + a[0] + a[1] + a[2] + a[3];
  },
  () => {
    const date = new Date(0);
    const text = apply(dates.toString, date, []) + apply(dates.toTimeString, date, []) + apply(dates.setMonth, date, [5]);
    return text + apply(dates.setMonth, date, [NaN]) + apply(dates.toString, date, []);
  },
  () => atob('YWFh') + btoa('é'),
  () => { const d = new TextDecoder('utf-8', {fatal: true}); return d.decode(bytes) + d.encoding; },
  () => new TextDecoder('utf-16le').decode(bytes) + new TextDecoder('latin1').decode(bytes),
  () => { const e = new TextEncoder().encode('aé€😀'); return '' + e[0] + e[1] + e[8]; },
  () => { try { structuredClone(() => 1); } catch (error) { return error.name + error.message + error.code; } },
  () => { const c = structuredClone(whole); return c.a[1].b + c.m.constructor.name + c.u[0] + c.e.message; },
  () => console.log(whole, bytes, [[1, [2, [3]]]], 'it\'s', -0, 5n, { 'a b': Symbol.iterator }),
  () => console.log('%s %d %i %f %j %O %%', 'a', 1.5, 2.5, '3', 5, { z: 1 }, 'more'),
  () => console.log([1, 2, 3, 4, 5, 6, 7, 8], [, 1], 'x'.length, [1n, 2n, 3n, 4n, 5n, 6n, 7n]),
  () => console.table([{ a: 1, b: 'x' }, { a: 2 }]),
  () => { const a = new Uint8Array(4); return crypto.randomUUID().length + (crypto.getRandomValues(a) === a ? 1 : 2); },
  () => typeof setTimeout(() => {}, 5).refresh() + typeof +setTimeout(() => {}, 5) + structuredClone(new DOMException('m', 'AbortError')).name,
  () => { const u = new URL('../é?a=1 2#x', 'http://ü.de:80/b/c'); u.searchParams.append('k', 'v&'); return u.href + u.host; },
  () => { const p = new URLSearchParams('b=2&a=%C3%A9'); p.sort(); return p.toString() + p.get('a') + p.has('b') + p.size; },
  () => console.log(new URL('http://[::1]/p?q'), new URLSearchParams('a=1').entries()),
  () => { try { new URL('no'); } catch (error) { return error.code + error.input; } },
  () => { console.group('g'); console.error('two\nlines'); console.groupEnd(); },
  () => { console.count('n'); console.countReset('n'); console.assert(false, 'why'); },
  () => { console.time('t'); console.timeLog('t', 1); console.timeEnd('t'); console.dir([1], { depth: 0 }); },
];

const inherited = (object) => {
  const proto = Object.getPrototypeOf(object);
  return proto === null ? [] : [proto, ...inherited(proto)];
};
const lie = () => { throw new Error("something of the script's was called"); };

const owners = new Set([
  Object, Reflect, JSON, Math, Number, String, Symbol, Array, ArrayBuffer, Promise, Date,
  ...[
    [], new Map(), new Set(), new WeakMap(), /a/, "", 1, 1n, true, Symbol(), new Date(), new ArrayBuffer(1), lie,
    new Uint8Array(1), Promise.resolve(), new DataView(new ArrayBuffer(1)), new Map().values(), new Error(),
    [].values(), (function* () {})(),
  ].flatMap((one) => inherited(Object(one))),
]);
owners.delete(Object.prototype);
const { defineProperty, getOwnPropertyDescriptor } = Object;
const spoilt = [];
for (const owner of owners) {
  for (const name of Reflect.ownKeys(owner)) {
    const { configurable } = getOwnPropertyDescriptor(owner, name);
    if (configurable && name !== "constructor" && name !== "name")
      spoilt.push([owner, name, { __proto__: null, value: lie }]);
  }
}
const trap = { __proto__: null, set: lie, get: lie, configurable: true };
for (let i = 0; i < 10; i++) spoilt.push([Array.prototype, String(i), trap]);
for (const name of NAMES) { // every word in the files that define the globals: the test declares it
  if (!(name in Object.prototype)) spoilt.push([Object.prototype, name, { __proto__: null, set: lie, configurable: true }]);
}
function use() { // one text, for a result is read with builtins
  let text = "";
  for (let i = 0; i < USED.length; i++) text += i + ": " + USED[i]() + "\n";
  return text;
}
function process(isUsedBefore) {
  const before = isUsedBefore ? use() : "";
  for (let i = 0; i < spoilt.length; i++) { const one = spoilt[i]; defineProperty(one[0], one[1], one[2]); }
  return before + "=== " + use();
}
