// atob and btoa (HTML, "Base64 utility methods"), with Node's errors.

(lib) => {
  "use strict";

  lib.need("dom_exception");
  const { DOMException, NativeTypeError, apply, charCodeAt, define, fromCharCode, join, list, nodeError, textOf } = lib;

  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const PADDING = 61;
  const SPACE = -1;
  const MOST_UNITS = 8192; // of a piece of text: as many arguments fit on the stack
  const values = { __proto__: null };
  for (let i = 0; i < 64; i++) values[charCodeAt(ALPHABET, i)] = i;
  values[9] = values[10] = values[12] = values[13] = values[32] = SPACE;

  const invalid = (message) => new DOMException(message, "InvalidCharacterError");

  function required(count) {
    if (count === 0) throw nodeError(NativeTypeError, "ERR_MISSING_ARGS", 'The "input" argument must be specified');
  }

  // Collects characters by their codes into one string.
  function writer() {
    const pieces = list();
    const units = list();
    let count = 0;
    const flush = () => {
      units.length = count;
      pieces[pieces.length] = apply(fromCharCode, undefined, units);
      count = 0;
    };
    return {
      __proto__: null,
      add(unit) {
        units[count++] = unit;
        if (count === MOST_UNITS) flush();
      },
      text() {
        flush();
        return join(pieces, "");
      },
    };
  }
  lib.writer = writer;

  function decode(text) {
    const out = writer();
    let bits = 0;
    let digits = 0;
    let padding = 0;
    for (let i = 0; i < text.length; i++) {
      const code = charCodeAt(text, i);
      const value = values[code];
      if (value === SPACE) continue;
      if (code === PADDING) {
        padding++;
        continue;
      }
      if (value === undefined || padding > 0) throw invalid("Invalid character");
      bits = (bits << 6) | value;
      digits++;
      if ((digits & 3) === 0) {
        out.add(bits >>> 16 & 255);
        out.add(bits >>> 8 & 255);
        out.add(bits & 255);
        bits = 0;
      }
    }
    const rest = digits & 3;
    if (padding > 2) throw invalid("Invalid character");
    if (rest === 1) throw invalid("The string to be decoded is not correctly encoded.");
    if (padding > 0 && (rest === 0 || rest + padding !== 4)) throw invalid("Invalid character");
    if (rest > 1) out.add(rest === 2 ? bits >>> 4 & 255 : bits >>> 10 & 255);
    if (rest === 3) out.add(bits >>> 2 & 255);
    return out.text();
  }

  function encode(text) {
    const pieces = list();
    let piece = "";
    for (let i = 0; i < text.length; i += 3) {
      const left = text.length - i;
      const first = byteAt(text, i);
      const second = left > 1 ? byteAt(text, i + 1) : 0;
      const third = left > 2 ? byteAt(text, i + 2) : 0;
      piece += ALPHABET[first >>> 2] + ALPHABET[(first & 3) << 4 | second >>> 4]
        + (left > 1 ? ALPHABET[(second & 15) << 2 | third >>> 6] : "=") + (left > 2 ? ALPHABET[third & 63] : "=");
      if (piece.length >= 4096) { // long strings are slow to append to on one of the engines
        pieces[pieces.length] = piece;
        piece = "";
      }
    }
    pieces[pieces.length] = piece;
    return join(pieces, "");
  }

  function byteAt(text, at) {
    const code = charCodeAt(text, at);
    if (code > 255) throw invalid("Invalid character");
    return code;
  }

  define("atob", {
    atob(input) {
      required(arguments.length);
      return decode(textOf(input));
    },
  }.atob);
  define("btoa", {
    btoa(input) {
      required(arguments.length);
      return encode(textOf(input));
    },
  }.btoa);
}
