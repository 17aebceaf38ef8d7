// The builtins that the other files here use, taken before any script runs, and a few helpers made of them.
//
// A script may replace every builtin there is, and each of these files must go on working when it has. What is called at
// run time therefore comes from here. Some syntax reaches replaceable builtins as well and is not used at run time:
// template literals (`String.prototype.concat`), spread, array destructuring and `for … of` (`Symbol.iterator`), and
// `array[array.length] = value`, which finds setters on `Array.prototype`; a `list()` has no prototype and no setters.
//
// The value of this file is a function that gives the library. `probe(question)` answers about `subject.value`
// what only the engine knows.

(probe, subject) => {
  "use strict";

  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, keys, setPrototypeOf } = Object;
  const { apply, ownKeys } = Reflect;
  const uncurried = Function.prototype.bind.bind(Function.prototype.call);
  const getterOf = (holder, name) => uncurried(getOwnPropertyDescriptor(holder, name).get);
  const TypedArray = getPrototypeOf(Uint8Array);
  const NativeTypeError = TypeError;
  const NativeString = String;
  const { toStringTag } = Symbol;

  const slice = uncurried(String.prototype.slice);

  const list = () => setPrototypeOf([], null);

  // ---- what only the engine knows. The numbers of its classes are its own, so they are learnt from an object of each

  const CLASS = 0;
  const TARGET = 1;
  const PROMISE = 2;
  const SETTLED = 3;
  const INSPECT = 4;
  const DIGEST = 5; // the first of several
  const LOAD = 9; // the first of as many as there are files

  function ask(question, value) {
    subject.value = value;
    const answer = probe(question);
    const { value: found } = subject;
    subject.value = undefined;
    if (question === CLASS || question === PROMISE) return answer;
    if (answer !== 0) throw found;
    return found;
  }

  // ---- files that are evaluated when something in them is first needed

  const numbers = { __proto__: null };
  for (const name of subject.files.split(" ")) numbers[name] = LOAD + keys(numbers).length;
  let staged = { __proto__: null };

  // Has what a file adds to the library. It is added again if the stack had no room for the whole of it.
  function need(name) {
    const number = numbers[name];
    if (number === undefined) return;
    const file = ask(number);
    staged = { __proto__: null };
    file(lib, lib.host);
    numbers[name] = undefined;
    const names = keys(staged);
    for (let i = 0; i < names.length; i++) lib.settle(names[i], staged[names[i]]);
  }

  // Makes a value that of a global which lazy_globals.js has declared.
  function define(name, value) {
    staged[name] = value;
  }

  function words(text) {
    const found = list();
    let from = 0;
    for (let i = 0; i <= text.length; i++) {
      if (i < text.length && text[i] !== " ") continue;
      if (i > from) found[found.length] = slice(text, from, i);
      from = i + 1;
    }
    return found;
  }

  const kinds = { __proto__: null };
  const learn = (kind, one) => {
    kinds[ask(CLASS, one)] = kind;
  };
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  learn("Object", {});
  learn("Array", []);
  learn("Error", new Error());
  learn("Number", Object(1));
  learn("String", Object(""));
  learn("Boolean", Object(true));
  learn("Symbol", Object(Symbol()));
  learn("BigInt", Object(1n));
  learn("Arguments", (function () { return arguments; })());
  learn("Arguments", Function("a", "return arguments")());
  learn("Date", new Date());
  learn("RegExp", /a/);
  learn("ArrayBuffer", new ArrayBuffer(0));
  learn("DataView", new DataView(new ArrayBuffer(0)));
  const views = { __proto__: null };
  for (const View of [
    Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array, Float32Array,
    Float64Array, BigInt64Array, BigUint64Array,
  ]) {
    learn("TypedArray", new View());
    views[View.name] = View;
  }
  const errors = { __proto__: null };
  for (const Type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) errors[Type.name] = Type;
  learn("Map", new Map());
  learn("Set", new Set());
  learn("WeakMap", new WeakMap());
  learn("WeakSet", new WeakSet());
  learn("Promise", Promise.resolve());
  learn("Proxy", new Proxy({}, {}));
  learn("Map Iterator", new Map().keys());
  learn("Set Iterator", new Set().keys());
  learn("Array Iterator", [].keys());
  learn("String Iterator", ""[Symbol.iterator]());
  learn("RegExp String Iterator", "".matchAll(/a/g));
  learn("Generator", generator());
  learn("AsyncGenerator", asyncGenerator());
  learn("GeneratorFunction", generator);
  learn("AsyncGeneratorFunction", asyncGenerator);
  learn("AsyncFunction", async () => {});

  // The getter of `flags` itself asks the regular expression for each of them by name.
  const FLAGS = { __proto__: null };
  for (const [letter, name] of [
    ["d", "hasIndices"], ["g", "global"], ["i", "ignoreCase"], ["m", "multiline"], ["s", "dotAll"], ["u", "unicode"],
    ["v", "unicodeSets"], ["y", "sticky"],
  ]) FLAGS[letter] = getterOf(RegExp.prototype, name);
  const LETTERS = "dgimsuvy";

  function regExpFlags(value) {
    let flags = "";
    for (let i = 0; i < LETTERS.length; i++) {
      const isSet = FLAGS[LETTERS[i]];
      if (isSet(value)) flags += LETTERS[i];
    }
    return flags;
  }

  // As an assignment would, but for setters that a script can have put on prototypes.
  function defineShown(holder, name, value) {
    defineProperty(holder, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  }

  function nodeError(Type, code, message) { // as the functions of Node itself throw them
    const error = new Type(message);
    defineShown(error, "code", code);
    return error;
  }

  function received(value) { // how Node's errors describe an argument
    if (value === undefined || value === null) return " Received " + value;
    if (typeof value === "function") return value.name ? " Received function " + value.name : " Received function ";
    if (typeof value === "object") {
      const { constructor } = value;
      return typeof constructor === "function" && typeof constructor.name === "string" && constructor.name !== ""
        ? " Received an instance of " + constructor.name : " Received an object";
    }
    const text = typeof value === "bigint" ? NativeString(value) + "n" : NativeString(value);
    const shown = text.length > 28 ? slice(text, 0, 25) + "..." : text;
    return " Received type " + typeof value + (typeof value === "string" ? " ('" + shown + "')" : " (" + shown + ")");
  }

  function textOf(value) { // as a template literal would have it
    if (typeof value === "symbol") throw new NativeTypeError("Cannot convert a Symbol value to a string");
    return NativeString(value);
  }

  function defineHidden(holder, name, value) {
    defineProperty(holder, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
  }

  // The standards make the members of interfaces enumerable, which the syntax of classes does not.
  function expose(Interface, tag) {
    const names = ownKeys(Interface.prototype);
    for (let i = 0; i < names.length; i++) {
      if (names[i] !== "constructor" && typeof names[i] === "string") {
        defineProperty(Interface.prototype, names[i], { __proto__: null, enumerable: true });
      }
    }
    defineProperty(Interface.prototype, toStringTag, { __proto__: null, value: tag, configurable: true });
  }

  const lib = {
    __proto__: null, need, define, settle: undefined, host: undefined, words, views, errors, apply, defineProperty,
    getOwnPropertyDescriptor, getPrototypeOf, keys, ownKeys, setPrototypeOf, uncurried, list, nodeError, received, textOf,
    defineHidden, defineShown, expose,

    // ---- constructors and statics
    NativeArrayBuffer: ArrayBuffer, NativeBigInt: BigInt, NativeBoolean: Boolean, NativeDataView: DataView,
    NativeDate: Date, NativeError: Error, NativeMap: Map, NativeNumber: Number, NativeObject: Object,
    NativePromise: Promise, NativeRangeError: RangeError, NativeRegExp: RegExp, NativeSet: Set, NativeString,
    NativeTypeError, NativeUint8Array: Uint8Array, isArray: Array.isArray, isView: ArrayBuffer.isView, is: Object.is,
    fromCharCode: String.fromCharCode, fromCodePoint: String.fromCodePoint, floor: Math.floor, min: Math.min, max: Math.max,
    trunc: Math.trunc, parseInteger: parseInt, parseNumber: parseFloat,
    inspectSymbol: Symbol.for("nodejs.util.inspect.custom"),
    iteratorPrototype: getPrototypeOf(getPrototypeOf([][Symbol.iterator]())), iteratorSymbol: Symbol.iterator,
    tagSymbol: Symbol.toStringTag, toPrimitiveSymbol: Symbol.toPrimitive,

    // ---- methods, as functions of what they are called on
    charCodeAt: uncurried(String.prototype.charCodeAt), codePointAt: uncurried(String.prototype.codePointAt), slice,
    indexOf: uncurried(String.prototype.indexOf), lastIndexOf: uncurried(String.prototype.lastIndexOf),
    startsWith: uncurried(String.prototype.startsWith), endsWith: uncurried(String.prototype.endsWith),
    includes: uncurried(String.prototype.includes), repeat: uncurried(String.prototype.repeat),
    toLowerCase: uncurried(String.prototype.toLowerCase), toUpperCase: uncurried(String.prototype.toUpperCase),
    toWellFormed: uncurried(String.prototype.toWellFormed), normalize: uncurried(String.prototype.normalize),
    exec: uncurried(RegExp.prototype.exec), join: uncurried(Array.prototype.join),
    splice: uncurried(Array.prototype.splice), sort: uncurried(Array.prototype.sort), toStringTag,
    hasOwn: uncurried(Object.prototype.hasOwnProperty), isEnumerable: uncurried(Object.prototype.propertyIsEnumerable),
    isPrototypeOf: uncurried(Object.prototype.isPrototypeOf), objectToString: uncurried(Object.prototype.toString),
    functionToString: uncurried(Function.prototype.toString), symbolToString: uncurried(Symbol.prototype.toString),
    numberToString: uncurried(Number.prototype.toString), numberValue: uncurried(Number.prototype.valueOf),
    stringValue: uncurried(String.prototype.valueOf), booleanValue: uncurried(Boolean.prototype.valueOf),
    bigintValue: uncurried(BigInt.prototype.valueOf), getTime: uncurried(Date.prototype.getTime),
    regExpSource: getterOf(RegExp.prototype, "source"), regExpFlags, mapGet: uncurried(Map.prototype.get),
    mapSet: uncurried(Map.prototype.set), mapHas: uncurried(Map.prototype.has), mapDelete: uncurried(Map.prototype.delete),
    mapSize: getterOf(Map.prototype, "size"), mapForEach: uncurried(Map.prototype.forEach),
    setAdd: uncurried(Set.prototype.add), setSize: getterOf(Set.prototype, "size"),
    setForEach: uncurried(Set.prototype.forEach), detach: uncurried(ArrayBuffer.prototype.transfer),
    bufferLength: getterOf(ArrayBuffer.prototype, "byteLength"), viewBuffer: getterOf(DataView.prototype, "buffer"),
    viewLength: getterOf(DataView.prototype, "byteLength"), viewOffset: getterOf(DataView.prototype, "byteOffset"),
    arrayBufferOf: getterOf(TypedArray.prototype, "buffer"), arrayLength: getterOf(TypedArray.prototype, "length"),
    arrayByteLength: getterOf(TypedArray.prototype, "byteLength"),
    arrayOffset: getterOf(TypedArray.prototype, "byteOffset"), arrayTag: getterOf(TypedArray.prototype, Symbol.toStringTag),
    copyInto: uncurried(TypedArray.prototype.set),

    // ---- what only the engine knows
    kindOf: (value) => kinds[ask(CLASS, value)], // undefined for a class that is not above
    proxyTarget: (value) => ask(TARGET, value), // null if it has been revoked
    promiseState: (value) => ask(PROMISE, value), // 0 pending, 1 fulfilled, 2 rejected
    promiseResult: (value) => ask(SETTLED, value),
    digest: (algorithm, buffer) => ask(DIGEST + algorithm, buffer),
    newInspector: () => ask(INSPECT),
  };
  return lib;
}
