// Numbers and the texts that Node makes of them. The first line names the Node that answered; each other has the bits of a double
// and its texts, see `TEXTS`, which the test runs as well.
//
//     node tests/corpus/numbers/generate.mjs > tests/corpus/numbers/node.jsonl.gz
//
// The same Node gives the same lines. What is made by chance comes from a seeded generator of its own.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const textsOf = new Function(`${readFileSync(new URL("texts.js", import.meta.url), "utf8")}; return textsOf;`)();

let state = 20261127;

function below(end) { // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
}

const view = new DataView(new ArrayBuffer(8));

function fromBits(high, low) {
  view.setUint32(0, high >>> 0);
  view.setUint32(4, low >>> 0);
  return view.getFloat64(0);
}

function bitsOf(number) {
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

const random = () => fromBits(below(2 ** 32), below(2 ** 32));
const numbers = [0, -0, NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, Number.EPSILON, 2 ** 53, 2 ** 53 + 2, 1e21, 1e-7, 1e23];
for (let exponent = -1074; exponent < 1024; exponent++) {
  numbers.push(2 ** exponent, -(2 ** exponent)); // the neighbours below a power of two are nearer than those above it
  numbers.push(fromBits(Number(BigInt(`0x${bitsOf(2 ** exponent)}`) >> 32n), below(2) + 1));
}
for (let exponent = -323; exponent < 309; exponent++) numbers.push(Number(`1e${exponent}`), Number(`${below(999)}e${exponent}`));
for (let i = 0; i < 9000; i++) numbers.push(random());
for (let i = 0; i < 1500; i++) numbers.push(fromBits(below(2 ** 20), below(2 ** 32))); // subnormal
for (let i = 0; i < 4000; i++) numbers.push(below(10 ** (1 + below(9))) / 10 ** below(7));
for (let i = 0; i < 3000; i++) numbers.push(below(10 ** 7) / 100 + below(10 ** 5) / 100 - below(10 ** 7) / 100);
for (let i = 0; i < 1500; i++) numbers.push(below(2 ** 32) * 2 ** below(40));

const lines = numbers.map((number) => JSON.stringify([bitsOf(number), textsOf(number)]));
process.stdout.write(gzipSync(`${[JSON.stringify(process.version), ...lines].join("\n")}\n`, { level: 9 }));
