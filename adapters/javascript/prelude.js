// What a script finds besides the language: a console, a clock that stands still, seeded randomness, and nothing else.
//
// It runs once in the zygote, as a module, before any script of a tenant; children inherit what it set up. All that it
// needs later it takes now, into constants that no script can reach: a script may replace every builtin there is.
// The engine publishes `dukpy` (JSON that the host passes in) and `call_python` (the bridge out) anew for each evaluation.
// Both become accessors that cannot be redefined, deleted or shadowed; the bridge is kept here and never given out.
//
// The bridge takes one string, whose first character is the verb:
//   D L I W E text   a line for the console; the answer is false once nothing more will be kept
//   ?                which function the host's own evaluation is to call now: "run", "check", or nothing
//   = type           serialisation begins, of a value with this `typeof`, or "pending"
//   !                what the script threw is the engine's own out-of-memory error

const tell = globalThis.call_python;
const { defineProperty, getPrototypeOf } = Object;
const { apply, construct } = Reflect;
const { stringify } = JSON;
const { imul } = Math;
const { indexOf, slice } = String.prototype;
const symbolToString = Symbol.prototype.toString;
const NativeDate = Date;
const NativeError = Error;
const NativeTypeError = TypeError;
const dateToString = Date.prototype.toString;
const engineError = InternalError.prototype;

// ---- what is taken away: shared memory, timing by collection, and the buffers whose resizing corrupts this engine

for (const name of ["SharedArrayBuffer", "Atomics", "WeakRef", "FinalizationRegistry", "DOMException"]) {
  delete globalThis[name];
}
for (const name of ["resize", "transfer", "transferToFixedLength"]) delete ArrayBuffer.prototype[name];
delete globalThis.InternalError; // so that only the engine makes one, and "out of memory" cannot be claimed lightly
delete engineError.constructor;

// ---- time and randomness: functions of the submission

let now = 0;
let [a, b, c, d] = [1, 2, 3, 4];

const Clock = new Proxy(NativeDate, {
  __proto__: null, // a trap must not be found on a prototype that scripts can extend
  apply: () => apply(dateToString, new NativeDate(now), []),
  construct: (target, values, newTarget) => construct(target, values.length === 0 ? [now] : values, newTarget),
});
NativeDate.now = { now: () => now }.now;
NativeDate.prototype.constructor = Clock;
defineProperty(globalThis, "Date", { value: Clock, writable: true, enumerable: false, configurable: true });
defineProperty(globalThis, "performance", {
  value: { now: () => now, timeOrigin: 0 }, writable: true, enumerable: false, configurable: true,
});

function bits() { // xoshiro128**
  const scrambled = imul(b, 5);
  const drawn = imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
  const shifted = b << 9;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = (d << 11) | (d >>> 21);
  return drawn;
}
Math.random = { random: () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992 }.random;

// ---- console

const LONGEST_LINE = 1 << 20;
let kept = true;

function describe(value) {
  switch (typeof value) {
    case "string": return value;
    case "bigint": return `${value}n`;
    case "symbol": return apply(symbolToString, value, []);
    case "function": return "[function]";
    case "object": return value === null ? "null" : describeObject(value);
    default: return `${value}`;
  }
}

function describeObject(value) {
  try {
    if (value instanceof NativeError) return `${value}`;
    const text = stringify(value);
    if (typeof text === "string") return text;
  } catch { /* a cycle, a proxy, a getter that throws */ }
  return "[object]";
}

function withoutNul(text) { // the bridge's strings end at the first NUL
  let clean = "";
  let from = 0;
  for (let at; (at = apply(indexOf, text, ["\0", from])) >= 0; from = at + 1) {
    clean += apply(slice, text, [from, at]) + "\ufffd";
  }
  return from === 0 ? text : clean + apply(slice, text, [from]);
}

function print(verb, values) {
  if (!kept) return;
  let line = "";
  for (let i = 0; i < values.length && line.length < LONGEST_LINE; i++) line += (i === 0 ? "" : " ") + describe(values[i]);
  kept = tell(verb + withoutNul(apply(slice, line, [0, LONGEST_LINE]))) !== false;
}

globalThis.console = {
  debug(...values) { print("D", values); },
  log(...values) { print("L", values); },
  info(...values) { print("I", values); },
  warn(...values) { print("W", values); },
  error(...values) { print("E", values); },
};
defineProperty(globalThis, "console", { enumerable: false });

// ---- the host's way in

let seeded = false;
let dataset;

function take() {
  const taken = dataset;
  dataset = undefined; // so that the script's own reference is the last one
  return taken;
}

function check(process) {
  if (typeof process !== "function") throw new NativeTypeError("the script defines no function named process");
}

function run(process) {
  check(process);
  let state = "pending";
  const holder = { __proto__: null, get state() { tell("=" + state); return undefined; }, value: undefined };
  (async () => {
    try {
      holder.value = await process(take());
      state = typeof holder.value;
    } catch (error) {
      if (isOutOfMemory(error)) tell("!");
      throw error;
    }
  })();
  return holder;
}

function isOutOfMemory(error) {
  return typeof error === "object" && error !== null && getPrototypeOf(error) === engineError
    && apply(indexOf, error.message, ["out of memory"]) === 0;
}

defineProperty(globalThis, "call_python", { get: () => undefined, set: () => {}, enumerable: false, configurable: false });
defineProperty(globalThis, "dukpy", {
  enumerable: false,
  configurable: false,
  get() {
    const turn = tell("?");
    return turn === "run" ? run : turn === "check" ? check : undefined;
  },
  set(value) {
    if (seeded) {
      dataset = value;
      return;
    }
    seeded = true; // the first one after the prelude is the host's, set before the script is parsed
    now = value.now;
    [a, b, c, d] = value.seed;
  },
});
