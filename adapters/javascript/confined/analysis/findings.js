// The findings of an analysis: () => a collection; its text has one finding a line, in the order of their places.
//
// A line has kind, line, column, subject and suggestion, between tabs. Lines are counted as in ECMAScript, columns in UTF-16
// code units, both from 1.

"use strict";

() => {
  const MOST_FINDINGS = 200;
  const LONGEST = 100;

  class Findings {
    constructor() {
      this.first = new Map(); // of each kind and subject
      this.rest = [];
    }

    add(kind, at, subject, suggestion) {
      const one = { kind, at, subject, suggestion };
      const key = `${kind} ${subject}`;
      if (!this.first.has(key)) this.first.set(key, one);
      else if (this.rest.length < MOST_FINDINGS) this.rest.push(one);
    }

    // The first of each kind are never crowded out by repetitions.
    toText(text) {
      const kept = [...this.first.values(), ...this.rest].slice(0, MOST_FINDINGS).sort((one, other) => one.at - other.at);
      const lines = [];
      const seen = new Set();
      const places = placesIn(text, kept);
      for (const [i, { kind, subject, suggestion }] of kept.entries()) {
        const [line, column] = places[i];
        const key = `${kind} ${line} ${subject}`;
        if (!seen.has(key)) lines.push([kind, line, column, shown(subject), shown(suggestion)].join("\t"));
        seen.add(key);
      }
      return lines.join("\n");
    }
  }

  // Line and column of findings that are in the order of their places, in one pass over the text.
  function placesIn(text, findings) {
    const breaks = /\r\n?|[\n\u2028\u2029]/g;
    let line = 1;
    let start = 0;
    let isLeft = breaks.test(text);
    return findings.map(({ at }) => {
      while (isLeft && breaks.lastIndex <= at) {
        line++;
        start = breaks.lastIndex;
        isLeft = breaks.test(text);
      }
      return [line, at - start + 1];
    });
  }

  const shown = (text) => [...text.slice(0, LONGEST)].join("").replace(/[\p{Cc}\u2028\u2029]/gu, " ").toWellFormed();

  return () => new Findings();
}
