// The bounds of what a script finds: the language without what engines add, a clock that stands still, seeded randomness, and the
// other globals as far as `globals/` defines them.
//
// It is evaluated once in the zygote, before any script of a tenant; children inherit what it set up. Its value is a
// function that takes `tell` and what dates.js is, and gives the host object, through which alone the host goes in (engine.py).
// Scripts reach neither. All that is needed later is taken now, into constants, since a script may replace every builtin there is; an
// array literal is not written later either, for this engine fills it through setters that a script can have put there.
//
// `tell(level)` says that `host.line` was printed at that level (0 to 4, debug to error); 0 says that no more is kept.
// `tell(-1 - number)` reports the use of a feature that behaves differently from Node.

(tell, dateParser) => {
  "use strict";

  const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf, hasOwn, keys } = Object;
  const { apply, construct } = Reflect;
  const { isArray } = Array;
  const { stringify } = JSON;
  const { imul } = Math;
  const { isFinite } = Number;
  const uncurried = Function.prototype.bind.bind(Function.prototype.call);
  const startsWith = uncurried(String.prototype.startsWith);
  const slice = uncurried(String.prototype.slice);
  // A template literal would call String.prototype.concat, and `instanceof` Error[Symbol.hasInstance]: both can be replaced.
  const concat = uncurried(String.prototype.concat);
  const NativeString = String;
  const errorPrototype = Error.prototype;
  const symbolToString = uncurried(Symbol.prototype.toString);
  const NativeDate = Date;
  const NativeTypeError = TypeError;
  const dateToString = uncurried(Date.prototype.toString);
  const dateToTimeString = uncurried(Date.prototype.toTimeString);
  const getTime = uncurried(Date.prototype.getTime);
  const setTime = uncurried(Date.prototype.setTime);
  const { toPrimitive } = Symbol;
  const engineError = InternalError.prototype;

  // ---- what stays: the language as both engines have it. Absent are shared memory, timing by collection, the engine's
  // own error (so that "out of memory" cannot be claimed lightly), and the buffers whose resizing corrupts the older one

  const stays = { __proto__: null };
  for (const name of [
    "AggregateError", "Array", "ArrayBuffer", "BigInt", "BigInt64Array", "BigUint64Array", "Boolean", "DataView", "Date",
    "Error", "EvalError", "Float16Array", "Float32Array", "Float64Array", "Function", "Infinity", "Int16Array",
    "Int32Array", "Int8Array", "Iterator", "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "Proxy",
    "RangeError", "ReferenceError", "Reflect", "RegExp", "Set", "String", "Symbol", "SyntaxError", "TypeError",
    "URIError", "Uint16Array", "Uint32Array", "Uint8Array", "Uint8ClampedArray", "WeakMap", "WeakSet", "decodeURI",
    "decodeURIComponent", "encodeURI", "encodeURIComponent", "escape", "eval", "globalThis", "isFinite", "isNaN",
    "parseFloat", "parseInt", "queueMicrotask", "undefined", "unescape",
  ]) stays[name] = true;
  for (const name of getOwnPropertyNames(globalThis)) if (!stays[name]) delete globalThis[name];
  for (const name of ["resize", "transfer", "transferToFixedLength", "transferToImmutable"]) {
    delete ArrayBuffer.prototype[name];
  }
  delete engineError.constructor;
  delete Error.prepareStackTrace; // its call sites would give out the functions below that are on the stack

  // ---- helpers of iterators: natively, each steps to the one below it without a look at the stack, so a long chain would
  // end the process. Behind a proxy a step is a call like any other, and a chain that is too long ends in a RangeError.

  for (const helpers of [getPrototypeOf(Iterator.from([]).map(() => 0)), getPrototypeOf(Iterator.from({ next() {} }))]) {
    for (const name of ["next", "return"]) helpers[name] = new Proxy(helpers[name], { __proto__: null });
  }

  // ---- time and randomness: functions of the submission

  let now = 0;
  const justNow = [now];
  let [a, b, c, d] = [1, 2, 3, 4];

  function begin(start) { // by index: to take it apart would be to iterate
    now = justNow[0] = start[0];
    a = start[1];
    b = start[2];
    c = start[3];
    d = start[4];
    reported = 0;
  }

  const parseDate = dateParser(
    uncurried(String.prototype.charCodeAt), uncurried(RegExp.prototype.exec), Date.UTC, Date.parse,
  );
  const given = [0];

  // A string is read here and not by the engine, and so is an object that turns into one.
  function timeOf(value) {
    const primitive = typeof value === "object" || typeof value === "function" ? primitiveOf(value) : value;
    return typeof primitive === "string" ? parseDate(primitive) : primitive;
  }

  function primitiveOf(value) {
    if (value === null || isDate(value)) return value;
    const convert = value[toPrimitive];
    if (convert !== undefined && convert !== null) return refuseObject(apply(convert, value, DEFAULT_HINT));
    const { valueOf } = value;
    const primitive = typeof valueOf === "function" ? apply(valueOf, value, NOTHING) : value;
    if (!isObject(primitive)) return primitive;
    const { toString } = value;
    return refuseObject(typeof toString === "function" ? apply(toString, value, NOTHING) : value);
  }

  const NOTHING = [];
  const DEFAULT_HINT = ["default"];
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  function refuseObject(value) {
    if (isObject(value)) throw new NativeTypeError("Cannot convert object to primitive value");
    return value;
  }

  function isDate(value) {
    try {
      getTime(value);
      return true;
    } catch {
      return false;
    }
  }

  const SETTERS = [
    "setDate", "setFullYear", "setHours", "setMilliseconds", "setMinutes", "setMonth", "setSeconds", "setUTCDate", "setUTCFullYear",
    "setUTCHours", "setUTCMilliseconds", "setUTCMinutes", "setUTCMonth", "setUTCSeconds", "setYear",
  ];

  // The engine leaves out the name of the time zone, which V8 writes.
  const ZONE = " (Coordinated Universal Time)";
  const INVALID_DATE = "Invalid Date";
  const inZone = (text) => text === INVALID_DATE ? text : concat(text, ZONE);

  const Clock = new Proxy(NativeDate, {
    __proto__: null, // a trap must not be found on a prototype that scripts can extend
    apply: () => inZone(dateToString(new NativeDate(now))),
    construct(target, values, newTarget) {
      if (values.length > 1) return construct(target, values, newTarget);
      if (values.length === 0) return construct(target, justNow, newTarget);
      const time = timeOf(values[0]);
      given[0] = time;
      return construct(target, given, newTarget);
    },
  });
  NativeDate.now = { now: () => now }.now;
  NativeDate.parse = { parse: (text) => parseDate(concat("", text)) }.parse;
  NativeDate.prototype.toString = { toString() { return inZone(dateToString(this)); } }.toString;
  NativeDate.prototype.toTimeString = { toTimeString() { return inZone(dateToTimeString(this)); } }.toTimeString;
  // Given NaN or an infinity, the engine's setters leave the date as it is, and only return NaN.
  for (const name of SETTERS) {
    const native = NativeDate.prototype[name];
    const setter = {
      [name]() {
        const time = apply(native, this, arguments);
        if (time !== time) setTime(this, time);
        return time;
      },
    }[name];
    defineProperty(setter, "length", { __proto__: null, value: native.length });
    NativeDate.prototype[name] = setter;
  }
  NativeDate.prototype.constructor = Clock;
  define("Date", Clock);
  define("performance", { now: () => now, timeOrigin: 0 });

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

  function define(name, value) {
    defineProperty(globalThis, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
  }

  // ---- features that behave differently from Node, whose use is reported once a run

  const DIFFERENCES = { // as in wire.py
    __proto__: null, "last-match": 0, locale: 1, culture: 2, order: 3, "date-range": 4, "number-range": 5, compact: 6,
    "narrow-percent": 7, fraction: 8, "zone-name": 9, morocco: 10, resolved: 11, und: 12,
  };
  let reported = 0;

  function differ(name) {
    const bit = 1 << DIFFERENCES[name];
    if ((reported & bit) !== 0) return;
    reported |= bit;
    tell(-1 - DIFFERENCES[name]);
  }

  // What the last match has left on `RegExp` in Node is undefined here. As there, writing changes nothing.
  for (const name of [
    "input", "$_", "lastMatch", "$&", "lastParen", "$+", "leftContext", "$`", "rightContext", "$'",
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9",
  ]) {
    const lastMatch = { get [name]() { differ("last-match"); }, set [name](_value) {} };
    defineProperty(RegExp, name, { ...getOwnPropertyDescriptor(lastMatch, name), enumerable: false });
  }

  // ---- console

  const LONGEST_LINE = 1 << 20;
  const LONGEST_TEXT = 1 << 17; // of what is said of a failure, which child.py cuts at half of that many bytes
  let kept = true;

  function describe(value) {
    switch (typeof value) {
      case "string": return slice(value, 0, LONGEST_TEXT);
      case "bigint": return NativeString(value) + "n";
      case "symbol": return symbolToString(value);
      case "function": return "[function]";
      case "object": return value === null ? "null" : describeObject(value);
      default: return NativeString(value);
    }
  }

  const LONGEST_CHAIN = 1000; // a proxy can give one prototype after the other

  function isError(value) {
    let prototype = value;
    for (let i = 0; i < LONGEST_CHAIN && prototype !== null && prototype !== errorPrototype; i++) prototype = getPrototypeOf(prototype);
    return prototype === errorPrototype;
  }

  const startOf = (value, most) => slice(typeof value === "string" ? value : concat("", value), 0, most);

  // As Error.prototype.toString, without a copy of a text that is too long.
  function errorText(error, most) {
    const { name } = error;
    const title = name === undefined ? "Error" : startOf(name, most);
    const { message } = error;
    const text = message === undefined ? "" : startOf(message, most);
    return title === "" || text === "" ? title + text : title + ": " + text;
  }

  function describeObject(value) {
    try {
      if (isError(value)) return errorText(value, LONGEST_TEXT);
      const text = stringify(value);
      if (typeof text === "string") return slice(text, 0, LONGEST_TEXT);
    } catch { /* a cycle, a proxy, a getter that throws */ }
    return "[object]";
  }

  function print(level, text) {
    if (!kept) return;
    host.line = slice(text, 0, LONGEST_LINE);
    kept = tell(level) !== 0;
  }

  const hasRoom = () => kept;

  // ---- a run

  // The script's own, however it is declared: nothing here has that name.
  const find = () => typeof process === "undefined" ? undefined : process;
  const findMerge = () => typeof merge === "undefined" ? undefined : merge;

  function check(process) {
    if (typeof process !== "function") throw new NativeTypeError("the script defines no function named process");
  }

  function checkMerge(merge) {
    if (typeof merge !== "function") throw new NativeTypeError("the script defines no function named merge");
  }

  let dataset;

  function give(value) {
    dataset = value;
  }

  function take() { // so that the script's own reference is the last one
    const taken = dataset;
    dataset = undefined;
    return taken;
  }

  const PENDING = 0, RETURNED = 1, THREW = 2; // as in engine.py

  // What becomes of the call of `process` or `merge`, with the place of a partition if there is one: `state` is PENDING until
  // `value` is what it RETURNED or THREW.
  function run(entry, part) {
    const outcome = { __proto__: null, state: PENDING, value: undefined };
    const call = async () => {
      try {
        outcome.value = await (part === undefined ? entry(take()) : entry(take(), part));
        outcome.state = RETURNED;
      } catch (error) {
        outcome.value = error;
        outcome.state = THREW;
      }
    };
    call();
    return outcome;
  }

  const isOutOfMemory = (error) => typeof error === "object" && error !== null && getPrototypeOf(error) === engineError
    && startsWith(error.message, "out of memory");

  // ---- what an error names besides itself: its cause, and the members of an AggregateError

  const MOST_DESCRIBED = 200;
  const LONGEST_DESCRIBED = 1000;

  // A descriptor with a property's value, undefined if it is inherited or has a getter: nothing of a script runs, but for a
  // proxy's traps.
  function own(holder, name) {
    const found = getOwnPropertyDescriptor(holder, name);
    return found !== undefined && hasOwn(found, "value") ? found : undefined;
  }

  // One engine has the stack as a value of each error, the other as an accessor on the prototype.
  const stackAccessor = getOwnPropertyDescriptor(errorPrototype, "stack");
  const nativeStack = stackAccessor === undefined ? undefined : uncurried(stackAccessor.get);

  function stackOf(error) {
    const found = own(error, "stack");
    const stack = found !== undefined ? found.value : nativeStack !== undefined ? nativeStack(error) : "";
    return typeof stack === "string" ? slice(stack, 0, LONGEST_TEXT) : "";
  }

  // As `describe`, of a bounded number of values.
  function describeBriefly(value) {
    if (typeof value !== "object" || value === null) return slice(describe(value), 0, LONGEST_DESCRIBED);
    let left = MOST_DESCRIBED;
    const bounded = (_name, one) => {
      if (left-- === 0) throw null;
      return typeof one === "string" ? slice(one, 0, LONGEST_DESCRIBED) : one;
    };
    try {
      const text = isError(value) ? errorText(value, LONGEST_DESCRIBED) : stringify(value, bounded);
      if (typeof text === "string") return slice(text, 0, LONGEST_DESCRIBED);
    } catch { /* a cycle, a proxy, a getter that throws, too many values */ }
    return isArray(value) ? "[array]" : "[object]";
  }

  const refusal = (name) => new NativeTypeError(
    '"' + name + '" cannot be imported: third-party software is forbidden here, and there are no modules',
  );

  // ---- numbers that JSON has no word for

  const MOST_VISITED = 5000000;

  // How many values in what was returned were written as null for being NaN or infinite, and the JSON Pointer of the
  // first; looked for in a bounded number of values. `toJSON` is not called again, so what it made is not seen.
  function nonFinite(value) {
    kept = false; // a getter that prints has printed already
    const path = { __proto__: null };
    let depth = 0;
    let visited = 0;
    let total = 0;
    let first = "";

    function visit(holder) {
      const names = isArray(holder) ? undefined : keys(holder);
      const length = names === undefined ? holder.length : names.length;
      for (let i = 0; i < length && visited < MOST_VISITED; i++) {
        const name = names === undefined ? i : names[i];
        const one = holder[name];
        visited++;
        if (typeof one === "number") {
          if (!isFinite(one)) note(name);
        } else if (typeof one === "object" && one !== null) {
          path[depth++] = name;
          visit(one);
          depth--;
        }
      }
    }

    function note(name) {
      if (total++ > 0) return;
      first = pointer(path, depth) + "/" + escaped(NativeString(name));
    }

    if (typeof value === "number") total = 1; // it was written as null, so it is not finite
    else if (typeof value === "object" && value !== null) visit(value);
    return { __proto__: null, total: NativeString(total), first };
  }

  // ---- values that JSON refuses

  // The first BigInt, or the first value that contains itself, in what was returned, in words; "" if none is found. Only
  // objects without a `toJSON` are entered, as deep as a chain of them can be searched for each in a bounded time.
  function unserialisable(value) {
    kept = false; // a getter that prints has printed already
    const path = { __proto__: null };
    const holders = { __proto__: null };
    let depth = 0;
    let visited = 0;
    let found = "";

    function visit(one) {
      if (typeof one === "bigint") found = "the result has one at " + placeAt(depth);
      if (typeof one !== "object" || one === null || typeof one.toJSON === "function") return;
      for (let i = 0; i < depth && found === ""; i++, visited++) {
        if (holders[i] === one) found = placeAt(depth) + " of the result is " + placeAt(i) + " again";
      }
      if (found !== "") return;
      const names = isArray(one) ? undefined : keys(one);
      const length = names === undefined ? one.length : names.length;
      holders[depth] = one;
      for (let i = 0; i < length && found === "" && visited < MOST_VISITED; i++) {
        const name = names === undefined ? i : names[i];
        visited++;
        path[depth++] = name;
        visit(one[name]);
        depth--;
      }
    }

    const placeAt = (level) => level === 0 ? "the top" : pointer(path, level);
    visit(value);
    return found;
  }

  function pointer(path, depth) {
    let text = "";
    for (let i = 0; i < depth; i++) text += "/" + escaped(NativeString(path[i]));
    return text;
  }

  function escaped(name) {
    let text = "";
    for (let i = 0; i < name.length; i++) text += name[i] === "~" ? "~0" : name[i] === "/" ? "~1" : name[i];
    return text;
  }

  const kind = (value) => typeof value;

  const host = {
    __proto__: null, line: "", begin, find, findMerge, check, checkMerge, give, run, kind, describe, describeBriefly, own, stackOf, isOutOfMemory,
    refusal, nonFinite, unserialisable, print, hasRoom, bits, differ,
  };
  return host;
}
