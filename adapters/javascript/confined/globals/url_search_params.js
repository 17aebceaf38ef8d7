// URLSearchParams (WHATWG URL), with Node's errors and Node's looks in the console.

(lib) => {
  "use strict";

  lib.need("url_parser");
  const {
    NativeTypeError, apply, define, defineHidden, defineProperty, endsWith, expose, includes, inspectSymbol, iteratorSymbol,
    join, keys, list, nodeError, received, setPrototypeOf, slice, sort, splice, tagSymbol, textOf, toWellFormed,
  } = lib;
  const { isOpaque, percentDecode, percentEncode, splitAt, FORM } = lib.urls;

  const scalar = (value) => toWellFormed(textOf(value));
  const missing = (what) => nodeError(NativeTypeError, "ERR_MISSING_ARGS", "The " + what + " must be specified");
  const invalidThis = () => nodeError(NativeTypeError, "ERR_INVALID_THIS", 'Value of "this" must be of type URLSearchParams');

  // ---- application/x-www-form-urlencoded

  function replaced(text, from, to) {
    return includes(text, from) ? join(splitAt(text, from), to) : text;
  }

  function parsePairs(text) {
    const pairs = list();
    const parts = splitAt(text, "&");
    for (let i = 0; i < parts.length; i++) {
      if (parts[i] === "") continue;
      const part = replaced(parts[i], "+", " ");
      const sides = splitAt(part, "=");
      const name = sides[0];
      pairs[pairs.length] = percentDecode(name);
      pairs[pairs.length] = percentDecode(slice(part, name.length + 1));
    }
    return pairs;
  }

  const formEncode = (text) => replaced(percentEncode(replaced(text, " ", "\0"), FORM), "%00", "+");

  function encodePart(text) { // a NUL of its own must stay one
    if (!includes(text, "\0")) return formEncode(text);
    const parts = splitAt(text, "\0");
    for (let i = 0; i < parts.length; i++) parts[i] = formEncode(parts[i]);
    return join(parts, "%00");
  }

  function serializePairs(pairs) {
    const parts = list();
    for (let i = 0; i < pairs.length; i += 2) parts[parts.length] = encodePart(pairs[i]) + "=" + encodePart(pairs[i + 1]);
    return join(parts, "&");
  }

  // ---- URLSearchParams. Its pairs are one list of names and values in turn

  let pairsOf;
  let paramsOf;
  let refresh;

  function iterableOf(value, code, message) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) throw nodeError(NativeTypeError, code, message);
    const iterate = value[iteratorSymbol];
    if (typeof iterate !== "function") throw nodeError(NativeTypeError, code, message);
    const all = list();
    for (const one of value) all[all.length] = one; // the caller's own iterator
    return all;
  }

  const NO_TUPLE = "Each query pair must be an iterable [name, value] tuple";

  function pairsFrom(init) {
    if (init === undefined || init === null) return list();
    if (typeof init !== "object" && typeof init !== "function") {
      const text = scalar(init);
      return parsePairs(text[0] === "?" ? slice(text, 1) : text);
    }
    const pairs = list();
    if (init[iteratorSymbol] === undefined || init[iteratorSymbol] === null) {
      const names = lib.ownKeys(init);
      for (let i = 0; i < names.length; i++) {
        if (!lib.isEnumerable(init, names[i])) continue;
        putLast(pairs, scalar(names[i]), scalar(init[names[i]]));
      }
      return pairs;
    }
    const entries = iterableOf(init, "ERR_ARG_NOT_ITERABLE", "Query pairs must be iterable");
    for (let i = 0; i < entries.length; i++) {
      const pair = iterableOf(entries[i], "ERR_INVALID_TUPLE", NO_TUPLE);
      if (pair.length !== 2) throw nodeError(NativeTypeError, "ERR_INVALID_TUPLE", NO_TUPLE);
      entries[i] = pair;
    }
    for (let i = 0; i < entries.length; i++) putLast(pairs, scalar(entries[i][0]), scalar(entries[i][1]));
    return pairs;
  }

  function putLast(pairs, name, value) { // a name that a record has twice keeps its first place
    pairs[pairs.length] = name;
    pairs[pairs.length] = value;
  }

  class URLSearchParams {
    #pairs;
    #url = null;

    constructor() {
      this.#pairs = pairsFrom(arguments[0]);
    }

    get size() { return pairsOf(this).length / 2; }

    append(name, value) {
      const pairs = pairsOf(this);
      if (arguments.length < 2) throw missing('"name" and "value" arguments');
      putLast(pairs, scalar(name), scalar(value));
      this.#update();
    }

    delete(name) {
      const pairs = pairsOf(this);
      if (arguments.length < 1) throw missing('"name" argument');
      const wanted = scalar(name);
      const value = arguments[1] === undefined ? undefined : scalar(arguments[1]);
      for (let i = 0; i < pairs.length;) {
        if (pairs[i] === wanted && (value === undefined || pairs[i + 1] === value)) splice(pairs, i, 2);
        else i += 2;
      }
      this.#update();
    }

    get(name) {
      const pairs = pairsOf(this);
      if (arguments.length < 1) throw missing('"name" argument');
      const wanted = scalar(name);
      for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === wanted) return pairs[i + 1];
      return null;
    }

    getAll(name) {
      const pairs = pairsOf(this);
      if (arguments.length < 1) throw missing('"name" argument');
      const wanted = scalar(name);
      const found = [];
      for (let i = 0; i < pairs.length; i += 2) {
        if (pairs[i] === wanted) defineProperty(found, found.length, { __proto__: null, value: pairs[i + 1], writable: true, enumerable: true, configurable: true });
      }
      return found;
    }

    has(name) {
      const pairs = pairsOf(this);
      if (arguments.length < 1) throw missing('"name" argument');
      const wanted = scalar(name);
      const value = arguments[1] === undefined ? undefined : scalar(arguments[1]);
      for (let i = 0; i < pairs.length; i += 2) {
        if (pairs[i] === wanted && (value === undefined || pairs[i + 1] === value)) return true;
      }
      return false;
    }

    set(name, value) {
      const pairs = pairsOf(this);
      if (arguments.length < 2) throw missing('"name" and "value" arguments');
      const wanted = scalar(name);
      const given = scalar(value);
      let isSet = false;
      for (let i = 0; i < pairs.length;) {
        if (pairs[i] !== wanted) i += 2;
        else if (isSet) splice(pairs, i, 2);
        else {
          isSet = true;
          pairs[i + 1] = given;
          i += 2;
        }
      }
      if (!isSet) putLast(pairs, wanted, given);
      this.#update();
    }

    sort() {
      const pairs = pairsOf(this);
      const entries = list();
      for (let i = 0; i < pairs.length; i += 2) entries[i / 2] = { __proto__: null, name: pairs[i], value: pairs[i + 1] };
      sort(entries, (one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
      for (let i = 0; i < entries.length; i++) {
        pairs[2 * i] = entries[i].name;
        pairs[2 * i + 1] = entries[i].value;
      }
      this.#update();
    }

    entries() { return iteratorOf(pairsOf(this), "entries"); }

    forEach(callback) {
      const pairs = pairsOf(this);
      if (typeof callback !== "function") {
        throw nodeError(NativeTypeError, "ERR_INVALID_ARG_TYPE", 'The "callback" argument must be of type function.' + received(callback));
      }
      for (let i = 0; i < pairs.length; i += 2) apply(callback, arguments[1], [pairs[i + 1], pairs[i], this]);
    }

    keys() { return iteratorOf(pairsOf(this), "keys"); }

    values() { return iteratorOf(pairsOf(this), "values"); }

    toString() { return serializePairs(pairsOf(this)); }

    #update() {
      if (this.#url === null) return;
      const text = serializePairs(this.#pairs);
      this.#url.query = text === "" ? null : text;
      if (text === "") stripSpaces(this.#url);
    }

    static {
      pairsOf = (value) => {
        if (typeof value !== "object" || value === null || !(#pairs in value)) throw invalidThis();
        return value.#pairs;
      };
      paramsOf = (url) => {
        const params = new URLSearchParams(url.query);
        params.#pairs = url.query === null ? list() : parsePairs(url.query);
        params.#url = url;
        return params;
      };
      refresh = (params, url) => {
        params.#pairs = url.query === null ? list() : parsePairs(url.query);
      };
    }
  }

  // ---- iterators

  const iteratorPrototype = setPrototypeOf({ next() { return advance(this); } }, lib.iteratorPrototype);
  defineProperty(iteratorPrototype, tagSymbol, { __proto__: null, value: "URLSearchParams Iterator", configurable: true });
  let advance;
  let leftOf;

  class Iteration {
    #pairs;
    #kind;
    #at = 0;

    constructor(pairs, kind) {
      this.#pairs = pairs;
      this.#kind = kind;
    }

    static {
      advance = (value) => {
        if (typeof value !== "object" || value === null || !(#pairs in value)) {
          throw nodeError(NativeTypeError, "ERR_INVALID_THIS", 'Value of "this" must be of type URLSearchParamsIterator');
        }
        if (value.#at >= value.#pairs.length) return { value: undefined, done: true };
        const at = value.#at;
        value.#at += 2;
        return { value: Iteration.#part(value, at), done: false };
      };
      leftOf = (value) => {
        const left = list();
        for (let at = value.#at; at < value.#pairs.length; at += 2) left[left.length] = Iteration.#part(value, at);
        return left;
      };
    }

    static #part(value, at) {
      const name = value.#pairs[at];
      const text = value.#pairs[at + 1];
      return value.#kind === "entries" ? [name, text] : value.#kind === "keys" ? name : text;
    }
  }

  const iteratorOf = (pairs, kind) => setPrototypeOf(new Iteration(pairs, kind), iteratorPrototype);

  function stripSpaces(url) { // an opaque path does not end in spaces if nothing follows it
    if (!isOpaque(url) || url.query !== null || url.fragment !== null) return;
    while (endsWith(url.path, " ")) url.path = slice(url.path, 0, -1);
  }

  // ---- in the console

  function inspect(value, options) {
    lib.need("inspection");
    return lib.inspect(value, options);
  }

  function optionsFor(options, depth) {
    const inner = { __proto__: null };
    const names = keys(options);
    for (let i = 0; i < names.length; i++) inner[names[i]] = options[names[i]];
    if (depth !== null) inner.depth = depth;
    return inner;
  }

  const nameOf = (value) => textOf(value.constructor.name);

  function laidOut(name, output, options) {
    if (output.length === 0) return name + " {}";
    let length = -2;
    for (let i = 0; i < output.length; i++) length += output[i].length + 2;
    return length > options.breakLength ? name + " {\n  " + join(output, ",\n  ") + " }" : name + " { " + join(output, ", ") + " }";
  }

  function inspectParams(depth, options) {
    if (typeof depth === "number" && depth < 0) return "[Object]";
    const inner = optionsFor(options, depth === null ? null : depth - 1);
    const pairs = pairsOf(this);
    const output = list();
    for (let i = 0; i < pairs.length; i += 2) output[i / 2] = inspect(pairs[i], inner) + " => " + inspect(pairs[i + 1], inner);
    return laidOut(nameOf(this), output, options);
  }

  function inspectIterator(depth, options) {
    if (typeof depth === "number" && depth < 0) return "[Object]";
    const inner = optionsFor(options, depth === null ? null : depth - 1);
    const left = leftOf(this);
    const output = list();
    for (let i = 0; i < left.length; i++) output[i] = inspect(left[i], inner);
    return output.length === 0 ? "URLSearchParams Iterator {  }" : laidOut("URLSearchParams Iterator", output, options);
  }

  defineHidden(URLSearchParams.prototype, inspectSymbol, inspectParams);
  defineHidden(iteratorPrototype, inspectSymbol, inspectIterator);
  defineHidden(URLSearchParams.prototype, iteratorSymbol, URLSearchParams.prototype.entries);
  expose(URLSearchParams, "URLSearchParams");
  define("URLSearchParams", URLSearchParams);
  lib.searchParams = { __proto__: null, paramsOf, refresh, stripSpaces, scalar, missing, inspect, optionsFor, nameOf };
}
