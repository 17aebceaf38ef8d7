# ruff: noqa: E501 - sources of a line each
"""Programs that leave as much behind as a script can, and one that looks for it."""

from typing import Final

from tests.adapters.javascript.serving import Program

OBSERVER: Final = Program(b"""
const seen = new Map();
let text = "";
function visit(value, path, depth) {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    text += path + "=" + typeof value + ":" + (typeof value === "symbol" ? value.description : String(value)) + ";";
    return;
  }
  if (seen.has(value)) return;
  seen.set(value, path);
  if (depth > 4) return;
  for (const key of Reflect.ownKeys(value)) {
    const { value: member, get, set, ...rights } = Reflect.getOwnPropertyDescriptor(value, key);
    text += path + "." + String(key) + Object.values(rights) + ";";
    for (const one of [member, get, set]) visit(one, path + "." + String(key), depth + 1);
  }
  visit(Object.getPrototypeOf(value), path + "^", depth + 1);
}
visit(globalThis, "", 0);
let hash = 0;
for (let i = 0; i < text.length; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i) | 0;
let depth = 0;
const descend = () => { depth++; descend(); };
try { descend(); } catch { /* the end of the stack */ }
console.log(seen.size, hash, depth, Math.random(), Date.now(), new Error("here").stack);
globalThis.process = () => [text.length, /(?<a>b)/.exec("ab").groups.a, [3, 1, 2].sort(), RegExp.lastMatch === undefined];
""")

_SOURCES: Final = (
    # every builtin is changed
    """for (const name of Reflect.ownKeys(globalThis)) {
      const made = globalThis[name];
      const all = typeof made === "function" ? [made, made.prototype] : [made];
      for (const one of all) {
        if ((typeof one !== "object" && typeof one !== "function") || one === null) continue;
        for (const key of Reflect.ownKeys(one)) {
          try { Object.defineProperty(one, key, { value: () => "changed", configurable: true }); } catch { /* it stays */ }
        }
        try { one.left = "behind"; } catch { /* it stays */ }
      }
    }
    globalThis.process = () => 1;""",
    "for (const name of Reflect.ownKeys(globalThis)) if (name !== 'process') delete globalThis[name]; process = d => d;",
    "Object.setPrototypeOf(Object.prototype.constructor, null); Object.freeze(Array.prototype); process = () => [1];",
    "Object.prototype.toJSON = () => 'hijacked'; Array.prototype[0] = 'x'; process = () => ({ a: [,] });",
    # what is pending or asynchronous
    """globalThis.kept = []; for (let i = 0; i < 500; i++) kept.push(new Promise(() => {}).then(() => i));
    process = async () => { setTimeout(() => console.log('late'), 1e6); setInterval(() => {}, 1e6); return 1; };""",
    "process = () => new Promise(() => {});",
    "process = () => { for (let i = 0; i < 1500; i++) Promise.reject(new Error('no ' + i)); };",
    "const gone = Promise.reject(1); process = async () => { await gone.catch(() => {}); queueMicrotask(() => x.y); };",
    # large or strange values
    "let s = 'é'; while (s.length < 1e6) s += s; globalThis.s = s; process = () => s.length;",
    "globalThis.all = Array.from({ length: 3e4 }, (_, i) => ({ ['key' + i]: i })); process = () => all.length;",
    "globalThis.b = 2n ** 30000n; process = () => String(b).length;",
    "for (let i = 0; i < 2000; i++) Symbol.for('left ' + i); process = () => Symbol.keyFor(Symbol.for('left 1'));",
    r"globalThis.r = /(?<year>\d{4})-\p{Lu}/gu; r.lastIndex = 3; process = () => [...'2024-A'.matchAll(r)].length;",
    "globalThis.m = new WeakMap(); const k = {}; m.set(k, new WeakSet([k])); process = () => m.has(k);",
    """globalThis.p = new Proxy({}, { get: (t, k) => k === 'toJSON' ? undefined : p, ownKeys: () => ['a'],
      getOwnPropertyDescriptor: () => ({ value: 1, configurable: true, enumerable: true }) }); process = () => ({ ...p });""",
    "globalThis.g = (function* () { while (true) yield Math.random(); })(); process = () => g.next().value + Date.now();",
    "globalThis.u = new Uint8Array(1 << 20).fill(255); process = () => u.length;",
    "class A { #x = 1; static left = new A(); get x() { return this.#x; } } process = () => A.left.x;",
    "globalThis.f = Array.from({ length: 300 }, (_, i) => new Function('return ' + i)); process = () => f[7]();",
    "globalThis.w = typeof WeakRef + typeof FinalizationRegistry; process = () => w;",
    # globals that are loaded on first use
    "process = () => new URL('https://é.example/a?b=c#d').searchParams.get('b');",
    "process = () => new TextDecoder('utf-16le').decode(new TextEncoder().encode('abcd'));",
    "process = () => structuredClone({ a: new Map([[1, new Date(5)]]), e: new RangeError('x') }).e.message;",
    """process = async () => {
      for (const name of ['SHA-1', 'SHA-256', 'SHA-512']) await crypto.subtle.digest(name, new Uint8Array(9));
      return [crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(3))];
    };""",
    "process = d => { console.table([{ a: 1 }, { a: d }]); console.log('%o', { deep: { er: [d] } }); console.count(); };",
    "console.time('left'); console.group('in'); process = () => { console.timeEnd('left'); console.log(atob(btoa('x'))); };",
    # failures, of every phase
    "throw new Error('at the top', { cause: new TypeError('below') });",
    "const process = d => d.missing.member;",
    "process = () => { const f = () => f(); f(); };",
    "process = () => ({ get x() { throw new AggregateError([new Error('inner')], 'outer'); } });",
    "process = () => [NaN, { x: -Infinity }];",
    "process = () => RegExp.$1;",
    "import('node:fs'); process = () => 1;",
    "this is no JavaScript",
    "process = 5;",
)

LEFTOVERS: Final = tuple(
    Program(source.encode(), b'{"rows":[1,2,{"a":null}],"text":"\xc3\xa9"}') for source in _SOURCES
)
