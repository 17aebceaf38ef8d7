// What the generators of this folder have in common: seeded chance, and the form of their output.

import { gzipSync } from "node:zlib";

export function chance(seed) {
  let state = seed;
  const below = (end) => { // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
  };
  return {
    below,
    one: (choices) => choices[below(choices.length)],
    many: (most, make) => Array.from({ length: below(most + 1) }, make),
  };
}

const inAscii = (text) => text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

// One pair of code and answer a line; the first line names the Node that answered.
export function write(codes, answer) {
  const lines = [JSON.stringify(process.version)];
  for (const code of new Set(codes)) lines.push(inAscii(JSON.stringify([code, answer(code)])));
  process.stdout.write(gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
}
