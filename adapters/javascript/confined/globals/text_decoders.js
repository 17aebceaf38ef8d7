// The decoders behind TextDecoder and the URL parser: their state is what has been read of a character whose end has not come yet.
// `read` hands each unit to `put`, and calls `fail` for what is no character.

(lib) => {
  "use strict";

  lib.need("base64");
  const { writer } = lib;

  const WINDOWS_1252 = [ // from 0x80 to 0x9F
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
    0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
  ];
  const REPLACEMENT = 0xfffd;
  const NONE = -1;

  class Utf8 {
    #needed = 0;
    #point = 0;
    #lower = 0x80;
    #upper = 0xbf;

    read(bytes, length, put, fail) {
      for (let i = 0; i < length; i++) {
        const byte = bytes[i];
        if (this.#needed === 0) {
          if (byte < 0x80) put(byte);
          else if (!this.#begin(byte)) fail();
        } else if (byte < this.#lower || byte > this.#upper) {
          this.#forget();
          fail();
          i--; // the byte may begin a character
        } else this.#continue(byte, put);
      }
    }

    #begin(byte) {
      if (byte >= 0xc2 && byte <= 0xdf) this.#expect(1, byte & 0x1f);
      else if (byte >= 0xe0 && byte <= 0xef) {
        if (byte === 0xe0) this.#lower = 0xa0;
        if (byte === 0xed) this.#upper = 0x9f;
        this.#expect(2, byte & 0xf);
      } else if (byte >= 0xf0 && byte <= 0xf4) {
        if (byte === 0xf0) this.#lower = 0x90;
        if (byte === 0xf4) this.#upper = 0x8f;
        this.#expect(3, byte & 7);
      } else return false;
      return true;
    }

    #expect(needed, point) {
      this.#needed = needed;
      this.#point = point;
    }

    #continue(byte, put) {
      this.#lower = 0x80;
      this.#upper = 0xbf;
      this.#point = this.#point << 6 | byte & 0x3f;
      if (--this.#needed > 0) return;
      const point = this.#point;
      if (point < 0x10000) put(point);
      else {
        put(0xd7c0 + (point >> 10));
        put(0xdc00 | point & 0x3ff);
      }
    }

    #forget() {
      this.#needed = 0;
      this.#lower = 0x80;
      this.#upper = 0xbf;
    }

    end(fail) {
      if (this.#needed === 0) return;
      this.#forget();
      fail();
    }
  }

  lib.decodeUtf8 = (bytes, length) => { // keeps a byte order mark, never fails
    const out = writer();
    const decoder = new Utf8();
    const fail = () => out.add(REPLACEMENT);
    decoder.read(bytes, length, out.add, fail);
    decoder.end(fail);
    return out.text();
  };

  class Utf16 {
    #byte = NONE;
    #lead = NONE;
    #isBig;

    constructor(isBig) {
      this.#isBig = isBig;
    }

    read(bytes, length, put, fail) {
      for (let i = 0; i < length; i++) {
        if (this.#byte === NONE) {
          this.#byte = bytes[i];
          continue;
        }
        const unit = this.#isBig ? this.#byte << 8 | bytes[i] : bytes[i] << 8 | this.#byte;
        this.#byte = NONE;
        this.#unit(unit, put, fail);
      }
    }

    #unit(unit, put, fail) {
      const isTrail = (unit & 0xfc00) === 0xdc00;
      if (this.#lead !== NONE) {
        const lead = this.#lead;
        this.#lead = NONE;
        if (isTrail) {
          put(lead);
          put(unit);
          return;
        }
        fail();
      }
      if ((unit & 0xfc00) === 0xd800) this.#lead = unit;
      else if (isTrail) fail();
      else put(unit);
    }

    end(fail) {
      if (this.#byte === NONE && this.#lead === NONE) return;
      this.#byte = this.#lead = NONE;
      fail();
    }
  }

  class SingleByte {
    #isLatin1;

    constructor(isLatin1) {
      this.#isLatin1 = isLatin1;
    }

    read(bytes, length, put) {
      for (let i = 0; i < length; i++) {
        const byte = bytes[i];
        put(byte >= 0x80 && byte < 0xa0 && !this.#isLatin1 ? WINDOWS_1252[byte - 0x80] : byte);
      }
    }

    end() {
      // no character has more than one byte
    }
  }

  lib.decoders = { __proto__: null, Utf8, Utf16, SingleByte };
}
