// Programs in which one expression fails, and where and how they fail in Node. One program a line: source, message, line, column.
//
//     node tests/corpus/messages/generate.mjs > tests/corpus/messages/node.jsonl
//
// The same Node gives the same lines. What is made by chance comes from a seeded generator of its own.

import vm from "node:vm";

let state = 20261127;

function below(end) { // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
}

const one = (...choices) => choices[below(choices.length)];
const DATASET = '{"value":[{"a":1,"b":{"c":"x"}}],"f":null,"n":null,"meta":{"t":5}}';

function expression(depth) {
  if (depth === 0) return one("data", "data.value", "row", "row.a", "id", "1", "'s'", "data.meta", "data.f", "row.b.c", "m");
  const inner = () => expression(depth - 1);
  switch (below(17)) {
    case 0: return `${inner()}.a`;
    case 1: return `${inner()}.b.c`;
    case 2: return `id(${inner()})`;
    case 3: return `${one("data.f", "row.g", "id", "id")}(${inner()}, ${inner()})`;
    case 4: return `${inner()} + ${inner()}`;
    case 5: return `data.value.map((row) => ${inner()})`;
    case 6: return `data.value.filter(row => ${inner()})`;
    case 7: return `[${inner()}, ${inner()}]`;
    case 8: return `(${inner()} ? ${inner()} : ${inner()})`;
    case 9: return `{ p: ${inner()} }.p`.replace(/^/, "(").replace("}.p", "}).p");
    case 10: return `${inner()}[${one("0", "'a'", "id(0)")}]`;
    case 11: return `\`${"${"}${inner()}}\``;
    case 12: return `${inner()}\n    .${one("a", "b", "toString")}`;
    case 13: return `new ${one("Map", "row.K", "data.n")}()`;
    case 14: return `${one("missing", "row")}.${one("a", "q.r")}`;
    case 15: return `/* é */ ${inner()}.${one("at(0)", "trim()", "length")}`;
    default: return `id(${inner()}).${one("a", "m()", "b.d.e")}`;
  }
}

function statement() {
  const value = expression(1 + below(3));
  switch (below(9)) {
    case 0: return `const x = ${value};`;
    case 1: return `if (${value}) { id(${expression(1)}); }`;
    case 2: return `for (const one of [1]) ${value.startsWith("{") ? "1" : value};`;
    case 3: return `for (const each of data.value) { const y = ${value}; }`;
    case 4: return `const { a } = ${value};`;
    case 5: return `try { ${expression(1)}; } finally { id(1); }`;
    case 6: return `const g = () => ${value};\n  g();`;
    case 7: return `for (let i = 0; i < id(1); i++) { m = ${value}; }`;
    default: return `m = ${value};`;
  }
}

function failure(source) {
  const context = vm.createContext({});
  try {
    new vm.Script(source, { filename: "script.js" }).runInContext(context);
    vm.runInContext("process", context)(vm.runInContext(`(${DATASET})`, context));
  } catch (error) {
    const place = /\(?script\.js:(\d+):(\d+)\)?$/.exec(String(error.stack).split("\n").find((line) => line.includes("    at ")) ?? "");
    return place && [`${error.name}: ${error.message}`, Number(place[1]), Number(place[2])];
  }
  return undefined;
}

console.log(JSON.stringify([process.version, DATASET]));
const kinds = new Map();
for (let made = 0; made < Number(process.argv[2] ?? 160);) {
  const body = Array.from({ length: 1 + below(3) }, (_, i) => `  {\n  ${statement()}\n  }`).join("\n");
  const source = `const id = (value) => value;\nlet m;\nfunction process(data) {\n  const row = data.value[0];\n${body}\n  return null;\n}`;
  let found;
  try { found = failure(source); } catch { continue; }
  if (!found) continue;
  const kind = found[0].replace(/'.*'|^.*(?= is not)/g, "");
  if ((kinds.get(kind) ?? 0) > made / 2 + 20) continue;
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  console.log(JSON.stringify([source, ...found]));
  made++;
}
