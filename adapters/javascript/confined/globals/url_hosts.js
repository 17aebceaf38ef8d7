// Hosts of URLs (WHATWG URL, "Host parsing"): domains, IPv4 and IPv6 addresses, and Punycode (RFC 3492).
//
// The mapping of international domains (UTS 46) is derived from the engine's own case mapping, normalisation and classes
// of characters instead of the standard's table; the rules for mixed directions of writing are not checked.

(lib) => {
  "use strict";

  lib.need("url_encoding");
  lib.need("punycode");
  const {
    exec, floor, fromCodePoint, includes, indexOf, join, list, normalize, numberToString, parseInteger, slice, splice,
    startsWith, toLowerCase,
  } = lib;
  const { percentDecode, percentEncode, splitAt, CONTROL } = lib.urls;
  const { pointsOf, punycode, fromPunycode } = lib.punycodes;

  const FAILURE = null;

  // ---- domains

  const IGNORED = /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}]/u;
  const DISALLOWED = /[\p{Cn}\p{Co}\p{Cs}\x80-\x9f\u061c\u0600-\u0605\u06dd\u070f\u08e2\u180e\u200e\u200f\u2028-\u202e\u2061-\u2063\u2065-\u206f\u2190\u2ff0-\u2fff\u3164\uffa0\ufff9-\uffff\u{1d173}-\u{1d17a}\u{e0001}-\u{e007f}]/u;
  const FORBIDDEN_DOMAIN = /[\x00-\x20#%/:<>?@[\\\]^|\x7f]/;
  const FORBIDDEN_HOST = /[\x00\t\n\r #/:<>?@[\\\]^|]/;
  const MARK = /^\p{M}/u;
  const JOINER = /[\u200c\u200d]/;
  const VIRAMA_JOINED = /^(?:[^\u200c\u200d]|[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua8c4\ua953\ua9c0\uaaf6\uabed][\u200c\u200d])*$/;
  const ASCII = /^[\x00-\x7f]*$/;

  function mapped(domain) {
    let text = "";
    const points = pointsOf(domain);
    for (let i = 0; i < points.length; i++) {
      const one = fromCodePoint(points[i]);
      if (exec(IGNORED, one) !== null) continue;
      text += points[i] === 0x1e9e ? "ß" : toLowerCase(normalize(toLowerCase(one), "NFKC"));
    }
    return normalize(text, "NFC");
  }

  function isValidLabel(label) {
    return exec(DISALLOWED, label) === null && exec(MARK, label) === null
      && (exec(JOINER, label) === null || exec(VIRAMA_JOINED, label) !== null);
  }

  function labelToAscii(label) {
    if (startsWith(label, "xn--")) {
      if (exec(ASCII, label) === null) return FAILURE;
      const decoded = fromPunycode(slice(label, 4));
      const isValid = decoded !== FAILURE && decoded !== "" && exec(ASCII, decoded) === null && mapped(decoded) === decoded
        && isValidLabel(decoded);
      return isValid ? label : FAILURE;
    }
    if (exec(ASCII, label) !== null) return label;
    if (!isValidLabel(label)) return FAILURE;
    const short = punycode(label);
    return short === FAILURE ? FAILURE : "xn--" + short;
  }

  function domainToAscii(domain) {
    const isAscii = exec(ASCII, domain) !== null;
    const text = isAscii ? toLowerCase(domain) : mapped(domain);
    if (isAscii && !includes(text, "xn--")) return text;
    const labels = list();
    let from = 0;
    for (let i = 0; i <= text.length; i++) {
      if (i < text.length && text[i] !== "." && text[i] !== "\u3002") continue;
      const label = labelToAscii(slice(text, from, i));
      if (label === FAILURE) return FAILURE;
      labels[labels.length] = label;
      from = i + 1;
    }
    return join(labels, ".");
  }

  // ---- addresses

  const NUMBER = /^(?:0[xX][0-9A-Fa-f]*|[0-9]+)$/;

  function endsInNumber(host) {
    const parts = splitAt(host, ".");
    if (parts[parts.length - 1] === "") {
      if (parts.length === 1) return false;
      parts.length--;
    }
    return exec(NUMBER, parts[parts.length - 1]) !== null;
  }

  function ipv4Number(text) {
    if (exec(NUMBER, text) === null) return NaN;
    if (startsWith(text, "0x") || startsWith(text, "0X")) return text.length === 2 ? 0 : parseInteger(slice(text, 2), 16);
    if (text.length > 1 && text[0] === "0") return exec(/^[0-7]+$/, text) === null ? NaN : parseInteger(text, 8);
    return +text;
  }

  function parseIpv4(host) {
    const parts = splitAt(host, ".");
    if (parts[parts.length - 1] === "" && parts.length > 1) parts.length--;
    if (parts.length > 4) return FAILURE;
    let address = 0;
    for (let i = 0; i < parts.length; i++) {
      const number = ipv4Number(parts[i]);
      const isLast = i === parts.length - 1;
      if (!(number <= (isLast ? 256 ** (5 - parts.length) - 1 : 255))) return FAILURE;
      address += isLast ? number : number * 256 ** (3 - i);
    }
    return floor(address / 16777216) + "." + (floor(address / 65536) & 255) + "." + (floor(address / 256) & 255) + "." + address % 256;
  }

  const EMBEDDED = /^(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2})$/;

  function parseIpv6(text) {
    const pieces = list();
    let compress = -1;
    let at = 0;
    if (text[0] === ":") {
      if (text[1] !== ":") return FAILURE;
      at = 2;
      compress = 0;
    }
    while (at < text.length) {
      if (pieces.length === 8) return FAILURE;
      if (text[at] === ":") {
        if (compress >= 0) return FAILURE;
        at++;
        compress = pieces.length;
        continue;
      }
      const end = indexOf(text, ":", at);
      const piece = slice(text, at, end < 0 ? text.length : end);
      if (includes(piece, ".")) {
        if (end >= 0 || pieces.length > 6 || exec(EMBEDDED, piece) === null) return FAILURE;
        const bytes = splitAt(piece, ".");
        for (let i = 0; i < 4; i += 2) {
          if (+bytes[i] > 255 || +bytes[i + 1] > 255) return FAILURE;
          pieces[pieces.length] = +bytes[i] * 256 + +bytes[i + 1];
        }
        break;
      }
      if (exec(/^[0-9A-Fa-f]{1,4}$/, piece) === null) return FAILURE;
      pieces[pieces.length] = parseInteger(piece, 16);
      if (end < 0) break;
      at = end + 1;
      if (at === text.length) return FAILURE;
    }
    if (compress < 0 ? pieces.length !== 8 : pieces.length === 8) return FAILURE;
    while (pieces.length < 8) splice(pieces, compress, 0, 0);
    return serializeIpv6(pieces);
  }

  function serializeIpv6(pieces) {
    let start = -1;
    let longest = 1;
    for (let i = 0, length = 0; i < 8; i++) {
      length = pieces[i] === 0 ? length + 1 : 0;
      if (length > longest) {
        longest = length;
        start = i - length + 1;
      }
    }
    let text = "";
    for (let i = 0; i < 8; i++) {
      if (i === start) {
        text += i === 0 ? "::" : ":";
        i += longest - 1;
      } else text += numberToString(pieces[i], 16) + (i < 7 ? ":" : "");
    }
    return text;
  }

  // A host as it is written in a URL, null if it is none.
  function parseHost(text, isSpecial) {
    if (text[0] === "[") {
      const address = text[text.length - 1] === "]" ? parseIpv6(slice(text, 1, -1)) : FAILURE;
      return address === FAILURE ? FAILURE : "[" + address + "]";
    }
    if (!isSpecial) return exec(FORBIDDEN_HOST, text) === null ? percentEncode(text, CONTROL) : FAILURE;
    const domain = domainToAscii(percentDecode(text));
    if (domain === FAILURE || domain === "" || exec(FORBIDDEN_DOMAIN, domain) !== null) return FAILURE;
    return endsInNumber(domain) ? parseIpv4(domain) : domain;
  }

  lib.urls.parseHost = parseHost;
}
