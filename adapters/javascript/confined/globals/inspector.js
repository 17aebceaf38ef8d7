// The host of the vendored inspector (vendor/inspect.js), evaluated with it in a realm of its own, whose builtins no script can
// reach. What the library guesses elsewhere the engine knows here: classes, promises, proxies, entries of iterators.
//
// Nothing of this realm gets to a script: it calls a script's own functions through `lib.custom` alone, and inspection.js
// translates the errors that it throws.

(inspector) => (lib) => {
  "use strict";

  const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { isArray } = Array;
  const MOST_LISTED_KEYS = 100000;
  const LONGEST_INDEX = 4294967294;

  let asked;
  let known; // the library asks many questions about a value in a row

  function kindOf(value) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
    if (value !== asked) known = lib.kindOf(asked = value);
    return known;
  }

  const is = (...kinds) => (value) => kinds.includes(kindOf(value));

  const types = {
    isAsyncFunction: is("AsyncFunction", "AsyncGeneratorFunction"),
    isGeneratorFunction: is("GeneratorFunction", "AsyncGeneratorFunction"),
    isAnyArrayBuffer: is("ArrayBuffer"), isArrayBuffer: is("ArrayBuffer"), isArgumentsObject: is("Arguments"),
    isBoxedPrimitive: is("String", "Number", "Boolean", "BigInt", "Symbol"),
    isDataView: is("DataView"), isExternal: () => false, isMap: is("Map"), isMapIterator: is("Map Iterator"),
    isModuleNamespaceObject: () => false, isNativeError: is("Error"), isPromise: is("Promise"), isSet: is("Set"),
    isSetIterator: is("Set Iterator"), isWeakMap: is("WeakMap"), isWeakSet: is("WeakSet"), isRegExp: is("RegExp"),
    isDate: is("Date"), isTypedArray: is("TypedArray"), isStringObject: is("String"), isNumberObject: is("Number"),
    isBooleanObject: is("Boolean"), isBigIntObject: is("BigInt"), isSymbolObject: is("Symbol"),
  };

  const kPending = Symbol("pending");
  const kRejected = Symbol("rejected");
  const states = [kPending, Symbol("fulfilled"), kRejected];

  // The names beside the elements. Listing those of a very long array would take longer than all else.
  function getOwnNonIndexProperties(value, filter) {
    const isLong = (isArray(value) || types.isTypedArray(value)) && lengthOf(value) > MOST_LISTED_KEYS;
    return (isLong ? Object.getOwnPropertySymbols(value) : ownKeys(value)).filter((name) => !isIndex(name)
      && (filter === 0 || getOwnPropertyDescriptor(value, name)?.enumerable));
  }

  const lengthOf = (value) => (isArray(value) ? value.length : lib.arrayLength(value));

  const isIndex = (name) => typeof name === "string" && /^(?:0|[1-9]\d*)$/.test(name) && +name <= LONGEST_INDEX;

  function getProxyDetails(value, showsProxy) {
    if (kindOf(value) !== "Proxy") return undefined;
    const target = lib.proxyTarget(value);
    return showsProxy ? [target, {}] : target;
  }

  const binding = {
    constants: { kPending, kRejected, ALL_PROPERTIES: 0, ONLY_ENUMERABLE: 2 },
    getOwnNonIndexProperties, getProxyDetails, Proxy,
    getPromiseDetails: (promise) => [states[lib.promiseState(promise)], lib.promiseResult(promise)],
    previewEntries: (_, hasKind) => (hasKind ? [[], false] : []), // an iterator cannot be read without moving it on
    getConstructorName: (value) => kindOf(value) ?? "Object",
    getExternalValue: () => 0n,
  };

  // ---- the builtins by the names under which the library knows them, such as ArrayPrototypeMap

  const method = (code) => (self, ...given) => apply(code, self, given);

  const special = {
    __proto__: null, globalThis, uncurryThis: method, internalBinding: () => ({ hasIntl: false }),
    ErrorIsError: (value) => types.isNativeError(value) || lib.isPrototypeOf(lib.NativeError.prototype, value),
    RegExpPrototypeToString: (value) => "/" + lib.regExpSource(value) + "/" + lib.regExpFlags(value),
    SafeMap: Map, SafeSet: Set, SafeWeakMap: WeakMap, TypedArray: getPrototypeOf(Uint8Array),
    SafeStringIterator: function (text) { return text[Symbol.iterator](); },
    ArrayPrototypePushApply: (list, more) => { for (const one of more) list.push(one); },
  };
  const HOLDERS = [...Object.getOwnPropertyNames(globalThis), "TypedArray"].sort((one, other) => other.length - one.length);
  const holderOf = (name) => special[name] ?? globalThis[name];
  const lowered = (name) => name[0].toLowerCase() + name.slice(1);
  const memberOf = (name) => (/^Symbol[A-Z]/.test(name) ? Symbol[lowered(name.slice(6))] : lowered(name));

  function primordial(name) {
    if (holderOf(name) !== undefined) return holderOf(name);
    const holderName = HOLDERS.find((one) => name.startsWith(one));
    if (holderName === undefined) return undefined;
    const holder = holderOf(holderName);
    const rest = name.slice(holderName.length);
    if (rest === "Prototype") return holder.prototype;
    if (!rest.startsWith("Prototype")) return holder[memberOf(rest)];
    const member = rest.slice("Prototype".length);
    const getter = member.startsWith("Get") && getOwnPropertyDescriptor(holder.prototype, memberOf(member.slice(3)))?.get;
    return method(getter || holder.prototype[memberOf(member)]);
  }

  // ---- errors: the engine's stacks lack the first line, and have frames of these files

  const ownStack = getOwnPropertyDescriptor(Error.prototype, "stack"); // an accessor in one of the engines

  const OWN_FRAME = /^ +at (?:(?:.* \()?prelude\.js:\d+:\d+\)?|(?:apply|call) \(native\))$/;

  function stackOf(error) {
    const stack = ownStack === undefined || Object.hasOwn(error, "stack") || !types.isNativeError(error) ? error.stack
      : apply(ownStack.get, error, []);
    if (typeof stack !== "string" || !/^(?:$| {4}at )/.test(stack)) return stack;
    const frames = stack.split("\n").filter((frame) => frame !== "" && !OWN_FRAME.test(frame));
    return [apply(Error.prototype.toString, error, []), ...frames].join("\n");
  }

  // ---- what scripts can have replaced on prototypes

  function membersOf(value) {
    if (types.isArrayBuffer(value)) return { byteLength: lib.bufferLength(value) };
    if (types.isDataView(value)) {
      return { byteLength: lib.viewLength(value), byteOffset: lib.viewOffset(value), buffer: lib.viewBuffer(value) };
    }
    return value;
  }

  const { format, inspect, getStringWidth } = inspector({
    types, binding, stackOf, primordials: new Proxy({}, { get: (_, name) => primordial(name) }),
    custom: (code, value, depth, options) => lib.custom(code, value, depth, options),
    isBuffer: (value) => types.isArrayBuffer(value) || types.isDataView(value), membersOf,
    valuesOf: (set) => ({ size: lib.setSize(set), [Symbol.iterator]: () => apply(Set.prototype.values, set, []) }),
    entriesOf: (map) => ({ size: lib.mapSize(map), [Symbol.iterator]: () => apply(Map.prototype.entries, map, []) }),
  });

  return {
    inspect, stackOf, width: (text) => getStringWidth(text),
    format: (values) => apply(format, undefined, values),
    indented: (text, indentation) => text.replaceAll("\n", "\n" + indentation),
    nameOfOwnError: (value) => (types.isNativeError(value) && Error.prototype.isPrototypeOf(value) ? value.name : undefined),
  };
}
