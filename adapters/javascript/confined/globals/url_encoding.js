// Percent-encoding (WHATWG URL), by sets of the characters that are encoded.

(lib) => {
  "use strict";

  lib.need("text_encoding");
  const {
    arrayLength, charCodeAt, decodeUtf8, encodeUtf8, exec, fromCodePoint, includes, indexOf, join, list, parseInteger,
    slice,
  } = lib;

  const PERCENT = 37;

  const isHex = (code) => (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);

  function percentDecode(text) {
    if (!includes(text, "%")) return text;
    const bytes = encodeUtf8(text);
    const size = arrayLength(bytes);
    let length = 0;
    for (let i = 0; i < size; i++, length++) {
      const isEncoded = bytes[i] === PERCENT && i + 2 < size && isHex(bytes[i + 1]) && isHex(bytes[i + 2]);
      bytes[length] = isEncoded ? parseInteger(fromCodePoint(bytes[i + 1], bytes[i + 2]), 16) : bytes[i];
      if (isEncoded) i += 2;
    }
    return decodeUtf8(bytes, length);
  }

  const CONTROL = 0;
  const FRAGMENT = 1;
  const QUERY = 2;
  const SPECIAL_QUERY = 4;
  const PATH = 8;
  const USERINFO = 16;
  const FORM = 32;
  const ALWAYS = -1;
  const encoded = list(); // of each character of ASCII, in which sets it is
  const HEX = "0123456789ABCDEF";
  for (let code = 0; code < 128; code++) {
    const character = fromCodePoint(code);
    let sets = 0;
    const add = (set, characters) => {
      if (includes(characters, character)) sets |= set;
    };
    add(FRAGMENT, ' "<>`');
    add(QUERY, ' "#<>');
    add(SPECIAL_QUERY, ' "#<>\'');
    add(PATH, ' "#<>?`{}');
    add(USERINFO, ' "#<>?^`{}/:;=@[\\]|');
    if (exec(/[A-Za-z0-9*._-]/, character) === null) sets |= FORM;
    encoded[code] = code < 32 || code === 127 ? ALWAYS : sets;
  }

  function percentEncode(text, set) {
    const pieces = list();
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const code = charCodeAt(text, i);
      if (code < 128 && encoded[code] !== ALWAYS && (encoded[code] & set) === 0) continue;
      pieces[pieces.length] = slice(text, from, i);
      const isPair = (code & 0xfc00) === 0xd800 && i + 1 < text.length && (charCodeAt(text, i + 1) & 0xfc00) === 0xdc00;
      const bytes = encodeUtf8(slice(text, i, isPair ? i + 2 : i + 1));
      const size = arrayLength(bytes);
      for (let j = 0; j < size; j++) pieces[pieces.length] = "%" + HEX[bytes[j] >> 4] + HEX[bytes[j] & 15];
      if (isPair) i++;
      from = i + 1;
    }
    if (from === 0) return text;
    pieces[pieces.length] = slice(text, from);
    return join(pieces, "");
  }

  function splitAt(text, separator) {
    const parts = list();
    let from = 0;
    for (;;) {
      const end = indexOf(text, separator, from);
      if (end < 0) break;
      parts[parts.length] = slice(text, from, end);
      from = end + separator.length;
    }
    parts[parts.length] = slice(text, from);
    return parts;
  }

  lib.urls = { __proto__: null, percentDecode, percentEncode, splitAt, FRAGMENT, QUERY, SPECIAL_QUERY, PATH, USERINFO, FORM, CONTROL };
}
