// structuredClone (HTML, "Safe passing of structured data"), as V8 does it: for errors only what V8 writes, and its messages.
//
// A transferred buffer is moved: its copy has the bytes, and the original is detached by the engine's own method, which
// scripts do not have (prelude.js).

(lib) => {
  "use strict";

  lib.need("dom_exception");
  const {
    DOMException, NativeArrayBuffer, NativeBigInt, NativeBoolean, NativeDataView, NativeDate, NativeError, NativeMap,
    NativeNumber, NativeObject, NativeRegExp, NativeSet, NativeString, NativeTypeError, NativeUint8Array,
    arrayBufferOf, arrayLength, arrayOffset, arrayTag, bigintValue, booleanValue, bufferLength, copyInto, define, defineHidden,
    defineProperty, detach, endsWith, functionToString, getOwnPropertyDescriptor, getTime, isArray, isEnumerable, isDOMException, iteratorSymbol, keys,
    kindOf, list, mapForEach, mapGet, mapHas, mapSet, nodeError, numberValue, objectToString, regExpFlags, regExpSource,
    setAdd, setForEach, views, errors, stringValue, symbolToString, viewBuffer, viewLength, viewOffset,
  } = lib;

  const cannot = (text) => new DOMException(text + " could not be cloned.", "DataCloneError");

  function refusal(value, kind) {
    if (typeof value === "symbol") return cannot(symbolToString(value));
    if (typeof value === "function") return cannot(functionToString(value));
    if (kind !== undefined && endsWith(kind, "Iterator")) return cannot("#<Object>");
    if (kind === "Symbol" || (kind === "Proxy" && isArray(value))) return cannot(objectToString(value));
    const { constructor } = value;
    const name = typeof constructor === "function" ? constructor.name : undefined;
    return cannot(typeof name === "string" && name !== "" ? "#<" + name + ">" : objectToString(value));
  }

  // ---- A copy is made before what is in it; `pending` holds the copies that are not filled yet, the innermost last, and
  // stands in for a recursion that deeply nested data would end.

  function clone(root, seen) {
    const pending = list();
    const copy = begin(root, seen, pending);
    while (pending.length > 0) {
      const innermost = pending[pending.length - 1];
      if (innermost.at === innermost.parts.length) pending.length--;
      else innermost.fill(innermost, seen, pending);
    }
    return copy;
  }

  const isPrimitive = (value) => value === null
    || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol");

  function begin(value, seen, pending) {
    if (isPrimitive(value)) return value;
    if (typeof value !== "object") throw refusal(value);
    const known = mapGet(seen, value);
    if (known !== undefined) return known;
    const copy = beginObject(value, seen, pending);
    mapSet(seen, value, copy);
    return copy;
  }

  function beginObject(value, seen, pending) {
    const kind = kindOf(value);
    switch (kind) {
      case "Object":
        if (value === globalThis) throw refusal(value);
        return fillLater(value, {}, keys(value), properties, pending);
      case "Array": return beginArray(value, pending);
      case "Map": return fillLater(value, new NativeMap(), entriesOf(value), entry, pending);
      case "Set": return fillLater(value, new NativeSet(), membersOf(value), member, pending);
      case "Date": return new NativeDate(getTime(value));
      case "RegExp": return new NativeRegExp(regExpSource(value), regExpFlags(value));
      case "Error": return isDOMException(value) ? {} : beginError(value, pending);
      case "ArrayBuffer": return copyOf(value);
      case "DataView": case "TypedArray": return cloneView(value, seen);
      case "Number": return new NativeNumber(numberValue(value));
      case "String": return new NativeString(stringValue(value));
      case "Boolean": return new NativeBoolean(booleanValue(value));
      case "BigInt": return NativeObject(NativeBigInt(bigintValue(value)));
      default: throw refusal(value, kind);
    }
  }

  function fillLater(value, copy, parts, fill, pending) {
    pending[pending.length] = { __proto__: null, value, copy, parts, fill, at: 0, key: undefined };
    return copy;
  }

  function properties(state, seen, pending) { // up to the first whose value has to be filled itself
    const { value, copy, parts } = state;
    const depth = pending.length;
    const count = parts.length;
    let { at } = state;
    while (at < count && pending.length === depth) {
      const name = parts[at++];
      const one = value[name];
      if (one === undefined && !isEnumerable(value, name)) continue; // an earlier getter has removed it
      const part = isPrimitive(one) ? one : begin(one, seen, pending);
      if (!(name in copy)) copy[name] = part; // so there is no setter in the way
      else defineProperty(copy, name, { __proto__: null, value: part, writable: true, enumerable: true, configurable: true });
    }
    state.at = at;
  }

  function beginArray(value, pending) {
    const names = keys(value);
    const { length } = value;
    const copy = [];
    if (names.length < length) copy.length = length; // it has holes
    return fillLater(value, copy, names, properties, pending);
  }

  function entriesOf(map) { // now, for getters may change the map on the way
    const entries = list();
    mapForEach(map, (one, key) => {
      entries[entries.length] = key;
      entries[entries.length] = one;
    });
    return entries;
  }

  function entry(state, seen, pending) {
    const part = begin(state.parts[state.at++], seen, pending);
    if (state.at & 1) state.key = part;
    else mapSet(state.copy, state.key, part);
  }

  function membersOf(set) {
    const members = list();
    setForEach(set, (one) => {
      members[members.length] = one;
    });
    return members;
  }

  function member(state, seen, pending) {
    setAdd(state.copy, begin(state.parts[state.at++], seen, pending));
  }

  function beginError(value, pending) {
    const { name, stack } = value;
    const message = getOwnPropertyDescriptor(value, "message");
    const cause = getOwnPropertyDescriptor(value, "cause");
    const known = errors[NativeString(name)];
    const copy = new (known === undefined ? NativeError : known)();
    if (typeof stack === "string") defineHidden(copy, "stack", stack);
    if (message !== undefined) defineHidden(copy, "message", "value" in message ? NativeString(message.value) : "");
    return cause !== undefined && "value" in cause ? fillLater(value, copy, [cause.value], causeOf, pending) : copy;
  }

  function causeOf(state, seen, pending) {
    defineHidden(state.copy, "cause", begin(state.parts[state.at++], seen, pending));
  }

  function copyOf(buffer) {
    if (isDetached(buffer)) throw cannot("An ArrayBuffer is detached and");
    const copy = new NativeArrayBuffer(bufferLength(buffer));
    copyInto(new NativeUint8Array(copy), new NativeUint8Array(buffer));
    return copy;
  }

  function isDetached(buffer) {
    try {
      return new NativeUint8Array(buffer) === undefined;
    } catch {
      return true;
    }
  }

  function cloneView(value, seen) {
    const tag = arrayTag(value);
    const buffer = begin(tag === undefined ? viewBuffer(value) : arrayBufferOf(value), seen);
    return tag === undefined ? new NativeDataView(buffer, viewOffset(value), viewLength(value))
      : new views[tag](buffer, arrayOffset(value), arrayLength(value));
  }

  // ---- transferring

  function transferList(options) {
    const transfers = list();
    if (options === undefined || options === null) return transfers;
    if (typeof options !== "object" && typeof options !== "function") {
      throw invalid("The options argument must be either an object or undefined");
    }
    const { transfer } = options;
    if (transfer === undefined || transfer === null) return transfers;
    if (typeof transfer !== "object") throw invalid("Optional transferList argument must be an iterable");
    if (transfer[iteratorSymbol] === undefined) return transfers;
    for (const one of transfer) transfers[transfers.length] = one; // the caller's own iterator
    return transfers;
  }

  const invalid = (message) => nodeError(NativeTypeError, "ERR_INVALID_ARG_TYPE", message);

  function moveBuffers(transfers, seen) {
    for (let i = 0; i < transfers.length; i++) {
      const one = transfers[i];
      if (typeof one !== "object" || one === null || kindOf(one) !== "ArrayBuffer") {
        throw nodeError(NativeTypeError, "ERR_INVALID_TRANSFER_OBJECT", "Found invalid object in transferList");
      }
      if (mapHas(seen, one)) throw new DOMException("Transfer list contains duplicate ArrayBuffer", "DataCloneError");
      if (!isDetached(one)) mapSet(seen, one, copyOf(one));
    }
  }

  function detachAll(transfers) {
    for (let i = 0; i < transfers.length; i++) if (!isDetached(transfers[i])) detach(transfers[i]);
  }

  define("structuredClone", {
    structuredClone() {
      if (arguments.length === 0) throw nodeError(NativeTypeError, "ERR_MISSING_ARGS", "The value argument must be specified");
      const transfers = transferList(arguments[1]);
      const seen = new NativeMap();
      moveBuffers(transfers, seen);
      const copy = clone(arguments[0], seen);
      detachAll(transfers);
      return copy;
    },
  }.structuredClone);
}
