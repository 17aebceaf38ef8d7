// Punycode (RFC 3492): labels of domains in ASCII and back.

(lib) => {
  "use strict";

  const {
    charCodeAt, codePointAt, floor, fromCodePoint, indexOf, lastIndexOf, list, splice,
  } = lib;

  const FAILURE = null;
  const BASE = 36;
  const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";
  const LARGEST = 0x7fffffff;

  function adapted(delta, points, isFirst) {
    let left = isFirst ? floor(delta / 700) : delta >> 1;
    left += floor(left / points);
    let k = 0;
    for (; left > 455; k += BASE) left = floor(left / 35);
    return k + floor(36 * left / (left + 38));
  }

  const threshold = (k, bias) => (k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias);

  function pointsOf(text) {
    const points = list();
    for (let i = 0; i < text.length; i++) {
      const point = codePointAt(text, i);
      points[points.length] = point;
      if (point > 0xffff) i++;
    }
    return points;
  }

  function punycode(label) {
    const points = pointsOf(label);
    let output = "";
    for (let i = 0; i < points.length; i++) if (points[i] < 128) output += fromCodePoint(points[i]);
    const basic = output.length;
    let handled = basic;
    if (basic > 0) output += "-";
    let n = 128;
    let delta = 0;
    let bias = 72;
    while (handled < points.length) {
      let next = LARGEST;
      for (let i = 0; i < points.length; i++) if (points[i] >= n && points[i] < next) next = points[i];
      delta += (next - n) * (handled + 1);
      if (delta > LARGEST) return FAILURE;
      n = next;
      for (let i = 0; i < points.length; i++) {
        if (points[i] < n) delta++;
        if (points[i] !== n) continue;
        let q = delta;
        for (let k = BASE; ; k += BASE) {
          const t = threshold(k, bias);
          if (q < t) break;
          output += DIGITS[t + (q - t) % (BASE - t)];
          q = floor((q - t) / (BASE - t));
        }
        output += DIGITS[q];
        bias = adapted(delta, handled + 1, handled === basic);
        delta = 0;
        handled++;
      }
      delta++;
      n++;
    }
    return output;
  }

  function fromPunycode(text) {
    const points = list();
    const last = lastIndexOf(text, "-");
    for (let i = 0; i < last; i++) points[i] = charCodeAt(text, i);
    let n = 128;
    let i = 0;
    let bias = 72;
    for (let at = last < 0 ? 0 : last + 1; at < text.length;) {
      const old = i;
      let w = 1;
      for (let k = BASE; ; k += BASE) {
        const digit = at < text.length ? indexOf(DIGITS, text[at++]) : -1;
        if (digit < 0) return FAILURE;
        i += digit * w;
        if (i > LARGEST) return FAILURE;
        const t = threshold(k, bias);
        if (digit < t) break;
        w *= BASE - t;
      }
      const count = points.length + 1;
      bias = adapted(i - old, count, old === 0);
      n += floor(i / count);
      i %= count;
      if (n > 0x10ffff) return FAILURE;
      splice(points, i++, 0, n);
    }
    let label = "";
    for (let j = 0; j < points.length; j++) label += fromCodePoint(points[j]);
    return label;
  }

  lib.punycodes = { __proto__: null, pointsOf, punycode, fromPunycode };
}
