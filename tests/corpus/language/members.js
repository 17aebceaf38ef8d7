// The members of the builtins, by holder and name: their attributes, the names and lengths of functions, the values of constants.

globalThis.members = () => {
  const NAMES = `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError Float32Array Float64Array Function Int16Array
    Int32Array Int8Array JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array
    Uint8Array Uint8ClampedArray WeakMap WeakSet`.split(/\s+/);
  const holders = new Map();
  for (const name of NAMES) holders.set(name, globalThis[name]).set(`${name}.prototype`, globalThis[name].prototype);
  const { getPrototypeOf } = Object;
  const typed = getPrototypeOf(Uint8Array);
  const generator = getPrototypeOf(function* () {});
  const asyncGenerator = getPrototypeOf(async function* () {});
  const inner = {
    TypedArray: typed, "TypedArray.prototype": typed.prototype, ArrayIterator: getPrototypeOf([].keys()), StringIterator: getPrototypeOf(""[Symbol.iterator]()),
    MapIterator: getPrototypeOf(new Map().keys()), SetIterator: getPrototypeOf(new Set().keys()), RegExpStringIterator: getPrototypeOf("".matchAll(/a/g)),
    Generator: generator, "Generator.prototype": generator.prototype, AsyncGenerator: asyncGenerator, "AsyncGenerator.prototype": asyncGenerator.prototype,
    AsyncFunction: getPrototypeOf(async () => {}),
  };
  for (const name of Object.keys(inner)) holders.set(`%${name}%`, inner[name]);

  // What tells of a stack, which is each engine's own, and what functions have of old.
  const PASSED_OVER = ["prototype", "arguments", "caller", "stack", "stackTraceLimit", "captureStackTrace", "prepareStackTrace"];

  const shown = (value) => {
    if (typeof value === "function") return [value.name, value.length, Object.hasOwn(value, "prototype")];
    return typeof value === "object" && value !== null ? "object" : String(value);
  };

  function attributes({ writable, enumerable, configurable, value, get, set }) {
    const kind = get || set ? [shown(get), shown(set)] : shown(value);
    return JSON.stringify([writable, enumerable, configurable, kind]);
  }

  const found = {};
  for (const [holder, object] of holders) {
    if (object === undefined) continue;
    const names = Reflect.ownKeys(object).filter((name) => !PASSED_OVER.includes(name));
    found[holder] = Object.fromEntries(names.map((name) => [String(name), attributes(Object.getOwnPropertyDescriptor(object, name))]));
  }
  const GLOBALS = "Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape".split(" ");
  const EXTRA = "Float16Array Iterator SharedArrayBuffer Atomics WeakRef FinalizationRegistry AsyncDisposableStack DisposableStack SuppressedError InternalError Temporal ShadowRealm".split(" ");
  const ofGlobals = [...NAMES, ...GLOBALS, ...EXTRA].filter((name) => name in globalThis && name !== "Date");
  found.globalThis = Object.fromEntries(ofGlobals.map((name) => [name, attributes(Object.getOwnPropertyDescriptor(globalThis, name))]));
  return found;
};
