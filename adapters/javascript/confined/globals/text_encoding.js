// TextEncoder and TextDecoder (WHATWG Encoding) for UTF-8, UTF-16 and windows-1252, which "latin1" and "ascii" name too.
//
// One thing is Node 20's own: a whole text in windows-1252 (decoded without `stream`) is read as ISO 8859-1, so that the
// bytes 0x80 to 0x9F are control characters there; with `stream` they are what windows-1252 makes of them.

(lib) => {
  "use strict";

  lib.need("text_decoders");
  const {
    NativeRangeError, NativeTypeError, NativeUint8Array, arrayBufferOf, arrayByteLength, arrayLength, arrayOffset, arrayTag,
    charCodeAt, define, expose, isView, list, nodeError, textOf, toLowerCase, viewBuffer, viewLength, viewOffset, writer,
    exec, kindOf, received, words,
  } = lib;
  const { Utf8, Utf16, SingleByte } = lib.decoders;

  const labels = { __proto__: null };
  const label = (name, known) => {
    const all = words(known);
    for (let i = 0; i < all.length; i++) labels[all[i]] = name;
  };
  label("utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8");
  label("utf-16le", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le");
  label("utf-16be", "unicodefffe utf-16be");
  label(
    "windows-1252", "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1"
      + " iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
  );
  const TRIMMED = /^[\t\n\f\r ]*([^\t\n\f\r ]*)[\t\n\f\r ]*$/;
  const BOM = 0xfeff;
  const REPLACEMENT = 0xfffd;

  const isObject = (value) => typeof value === "object" && value !== null;

  // The bytes of a buffer or of what a view shows of one.
  function bytesOf(source) {
    if (!isView(source)) return isObject(source) && kindOf(source) === "ArrayBuffer" ? new NativeUint8Array(source) : undefined;
    return arrayTag(source) === undefined
      ? new NativeUint8Array(viewBuffer(source), viewOffset(source), viewLength(source))
      : new NativeUint8Array(arrayBufferOf(source), arrayOffset(source), arrayByteLength(source));
  }
  lib.bytesOf = bytesOf;

  // ---- encoding

  function utf8Length(text) {
    let length = 0;
    for (let i = 0; i < text.length; i++) {
      const code = charCodeAt(text, i);
      if (code < 0x80) length++;
      else if (code < 0x800) length += 2;
      else if (isPair(text, i, code)) {
        length += 4;
        i++;
      } else length += 3;
    }
    return length;
  }

  const isPair = (text, at, code) => code >= 0xd800 && code < 0xdc00 && at + 1 < text.length
    && (charCodeAt(text, at + 1) & 0xfc00) === 0xdc00;

  // Writes whole characters as long as they fit into `room` bytes; tells what was read and written.
  function encodeInto(text, bytes, room) {
    let read = 0;
    let written = 0;
    while (read < text.length) {
      let code = charCodeAt(text, read);
      let units = 1;
      if (code < 0x80) {
        if (written === room) break;
        bytes[written++] = code;
        read++;
        continue;
      }
      if (isPair(text, read, code)) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (charCodeAt(text, read + 1) & 0x3ff);
        units = 2;
      } else if ((code & 0xf800) === 0xd800) code = REPLACEMENT;
      const size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      if (written + size > room) break;
      bytes[written++] = size === 2 ? 0xc0 | code >> 6 : size === 3 ? 0xe0 | code >> 12 : 0xf0 | code >> 18;
      if (size === 4) bytes[written++] = 0x80 | code >> 12 & 0x3f;
      if (size > 2) bytes[written++] = 0x80 | code >> 6 & 0x3f;
      bytes[written++] = 0x80 | code & 0x3f;
      read += units;
    }
    return { read, written };
  }

  function encodeUtf8(text) {
    const size = utf8Length(text);
    const bytes = new NativeUint8Array(size);
    encodeInto(text, bytes, size);
    return bytes;
  }
  lib.encodeUtf8 = encodeUtf8;

  class TextEncoder {
    #brand = true;

    get encoding() {
      this.#check();
      return "utf-8";
    }

    encode() {
      this.#check();
      const input = arguments[0];
      return encodeUtf8(input === undefined ? "" : textOf(input));
    }

    encodeInto(src, dest) {
      this.#check();
      if (typeof src !== "string") {
        throw nodeError(NativeTypeError, "ERR_INVALID_ARG_TYPE", 'The "src" argument must be of type string.' + received(src));
      }
      if (!isView(dest) || arrayTag(dest) !== "Uint8Array") {
        throw nodeError(
          NativeTypeError, "ERR_INVALID_ARG_TYPE", 'The "dest" argument must be an instance of Uint8Array.' + received(dest),
        );
      }
      return encodeInto(src, dest, arrayLength(dest));
    }

    #check() {
      return this.#brand;
    }
  }

  // ---- decoding

  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    #state;
    #isStreaming = false;
    #hasStreamed = false;
    #isStart = true;

    constructor(encoding = "utf-8", options = undefined) {
      const label = toLowerCase(exec(TRIMMED, textOf(encoding))?.[1] ?? "");
      if (options !== undefined && options !== null && typeof options !== "object" && typeof options !== "function") {
        throw nodeError(
          NativeTypeError, "ERR_INVALID_ARG_TYPE", 'The "options" argument must be of type object.' + received(options),
        );
      }
      this.#encoding = labels[label];
      if (this.#encoding === undefined) {
        throw nodeError(
          NativeRangeError, "ERR_ENCODING_NOT_SUPPORTED", 'The "' + textOf(encoding) + '" encoding is not supported',
        );
      }
      this.#fatal = !!options?.fatal;
      this.#ignoreBOM = !!options?.ignoreBOM;
    }

    get encoding() { return this.#encoding; }

    get fatal() { return this.#fatal; }

    get ignoreBOM() { return this.#ignoreBOM; }

    decode() {
      const input = arguments[0];
      const isStream = !!arguments[1]?.stream;
      const bytes = input === undefined ? new NativeUint8Array(0) : bytesOf(input);
      if (bytes === undefined) {
        throw nodeError(
          NativeTypeError, "ERR_INVALID_ARG_TYPE",
          'The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.',
        );
      }
      this.#hasStreamed ||= isStream;
      if (!this.#isStreaming) this.#begin();
      this.#isStreaming = isStream;
      return this.#read(bytes, isStream);
    }

    #begin() {
      this.#isStart = true;
      if (this.#encoding === "utf-8") this.#state = new Utf8();
      else if (this.#encoding === "windows-1252") this.#state = new SingleByte(!this.#hasStreamed);
      else this.#state = new Utf16(this.#encoding === "utf-16be");
    }

    #read(bytes, isStream) {
      const out = writer();
      const put = (unit) => {
        const isMark = this.#isStart && unit === BOM && !this.#ignoreBOM;
        this.#isStart = false;
        if (!isMark) out.add(unit);
      };
      const fail = () => {
        if (!this.#fatal) {
          put(REPLACEMENT);
          return;
        }
        this.#isStreaming = false;
        throw nodeError(
          NativeTypeError, "ERR_ENCODING_INVALID_ENCODED_DATA",
          "The encoded data was not valid for encoding " + this.#encoding,
        );
      };
      this.#state.read(bytes, arrayLength(bytes), put, fail);
      if (!isStream) this.#state.end(fail);
      return out.text();
    }
  }

  expose(TextEncoder, "TextEncoder");
  expose(TextDecoder, "TextDecoder");
  define("TextEncoder", TextEncoder);
  define("TextDecoder", TextDecoder);
}
