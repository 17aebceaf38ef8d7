// The part of Web Cryptography that data is prepared with: digests, and random values from the run's seeded source, which
// are the same when the run is repeated. Keys do not exist here, and neither do the methods that need them.

(lib, host) => {
  "use strict";

  lib.need("dom_exception");
  lib.need("text_encoding");
  const {
    DOMException, NativePromise, NativeTypeError, NativeString, arrayByteLength, arrayTag, bytesOf, copyInto, define, digest, expose,
    isView, nodeError, NativeUint8Array, arrayBufferOf, arrayLength, toUpperCase,
  } = lib;

  const ALGORITHMS = { __proto__: null, "SHA-1": 0, "SHA-256": 1, "SHA-384": 2, "SHA-512": 3 }; // as in digests.py
  const INTEGERS = {
    __proto__: null, Int8Array: true, Uint8Array: true, Uint8ClampedArray: true, Int16Array: true, Uint16Array: true,
    Int32Array: true, Uint32Array: true, BigInt64Array: true, BigUint64Array: true,
  };
  const MOST_RANDOM_BYTES = 65536;
  const HEX = "0123456789abcdef";
  const { bits } = host;

  function required(given, needed, what) {
    if (given >= needed) return;
    const present = needed + " argument" + (needed > 1 ? "s" : "") + " required, but only " + given + " present.";
    throw nodeError(NativeTypeError, "ERR_MISSING_ARGS", "Failed to execute " + what + ": " + present);
  }

  function algorithmOf(given) {
    let name = given;
    if (typeof given === "object" && given !== null) {
      name = given.name;
      if (name === undefined) {
        throw nodeError(
          NativeTypeError, "ERR_MISSING_OPTION", "Failed to normalize algorithm: passed algorithm can not be converted to "
            + "'Algorithm' because 'name' is required in 'Algorithm'.",
        );
      }
    }
    const known = ALGORITHMS[toUpperCase(NativeString(name))];
    if (known === undefined) throw new DOMException("Unrecognized algorithm name", "NotSupportedError");
    return known;
  }

  function digestOf(given, algorithm, data) {
    required(given, 2, "'digest' on 'SubtleCrypto'");
    const bytes = bytesOf(data);
    if (bytes === undefined) {
      throw nodeError(
        NativeTypeError, "ERR_INVALID_ARG_TYPE", "Failed to execute 'digest' on 'SubtleCrypto': 2nd argument is not instance of "
          + "ArrayBuffer, Buffer, TypedArray, or DataView.",
      );
    }
    const known = algorithmOf(algorithm);
    const copy = new NativeUint8Array(arrayLength(bytes)); // whatever part of a buffer it was
    copyInto(copy, bytes);
    return digest(known, arrayBufferOf(copy));
  }

  const NEW = {};
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  class SubtleCrypto {
    #isOne = true;

    constructor() {
      if (arguments[0] !== NEW) throw nodeError(NativeTypeError, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
    }

    digest(algorithm, data) {
      const given = arguments.length;
      return new NativePromise((resolve) => {
        if (!isObject(this) || !(#isOne in this)) throw invalidThis("SubtleCrypto");
        resolve(digestOf(given, algorithm, data));
      });
    }
  }

  const invalidThis = (name) => nodeError(NativeTypeError, "ERR_INVALID_THIS", 'Value of "this" must be of type ' + name);

  const subtle = new SubtleCrypto(NEW);

  class Crypto {
    #isOne = true;

    constructor() {
      if (arguments[0] !== NEW) throw nodeError(NativeTypeError, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
    }

    get subtle() {
      Crypto.#check(this);
      return subtle;
    }

    getRandomValues(array) {
      Crypto.#check(this);
      required(arguments.length, 1, "'getRandomValues' on 'Crypto'");
      if (!isView(array) || INTEGERS[arrayTag(array)] === undefined) {
        throw new DOMException("The data argument must be an integer-type TypedArray", "TypeMismatchError");
      }
      const count = arrayByteLength(array);
      if (count > MOST_RANDOM_BYTES) throw new DOMException("The requested length exceeds 65,536 bytes", "QuotaExceededError");
      const bytes = bytesOf(array);
      for (let i = 0, drawn = 0; i < count; i++, drawn >>>= 8) {
        if ((i & 3) === 0) drawn = bits();
        bytes[i] = drawn & 255;
      }
      return array;
    }

    randomUUID() {
      Crypto.#check(this);
      let text = "";
      for (let i = 0, drawn = 0; i < 32; i++, drawn >>>= 4) {
        if ((i & 7) === 0) drawn = bits();
        if (i === 8 || i === 12 || i === 16 || i === 20) text += "-";
        text += HEX[i === 12 ? 4 : i === 16 ? 8 | drawn & 3 : drawn & 15];
      }
      return text;
    }

    static #check(value) {
      if (!isObject(value) || !(#isOne in value)) throw invalidThis("Crypto");
    }
  }

  expose(SubtleCrypto, "SubtleCrypto");
  expose(Crypto, "Crypto");
  define("crypto", new Crypto(NEW));
  define("Crypto", Crypto);
  define("SubtleCrypto", SubtleCrypto);
}
