// Moments: their texts and parts, setters and arithmetic; programs and what Node answers. How texts are read is in ../dates.
//
//     TZ=UTC node tests/corpus/language/dates.mjs > tests/corpus/language/dates.jsonl.gz

import "./answer.js";
import { chance, write } from "../globals/chance.mjs";

const [seed = 20261132, rounds = 1] = process.argv.slice(2).map(Number);
const { below, many, one } = chance(seed);
const codes = [];
const add = (count, make) => {
  for (let i = 0; i < count * rounds; i++) codes.push(make());
};

const TIMES = ["0", "-1", "1e12", "1710508830123", "-62135596800000", "-62198755200000", "8.64e15", "-8.64e15", "8.64e15 + 1", "NaN", "253402300799999", "253402300800000", "-1e14", "951782400000", "1.9", "-1.9", "-0", "1709164800000", "-2208988800000", "'2024-02-29'", "'2024-03-15T10:20:30Z'", "2024, 1, 29", "2024, 0", "99, 5", "0, 0", "-1, 0", "2024, 12, 0, 25, 61, 61, 1001", "275760, 8, 13, 1", "2024, NaN", "100, 0, 1", "1970, 0, 1, 0, 0, 0, 0.9"];
const time = () => (below(3) ? one(TIMES) : String(Math.floor((below(2 ** 31) / 2 ** 31 - 0.5) * 10 ** (3 + below(14)))));
const TEXTS = ["toString", "toDateString", "toTimeString", "toISOString", "toUTCString", "toGMTString", "toJSON", "valueOf", "getTime"];
const PARTS = ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"];
const NUMBERS = ["0", "1", "-1", "5", "12", "31", "32", "60", "99", "2024", "-5", "1.9", "NaN", "'7'", "undefined", "null", "1e9", "Infinity", "true", "{}", "-0.5", "1900"];
add(600, () => `return new Date(${time()}).${one(TEXTS)}()`);
add(300, () => `const d = new Date(${time()}); return [${PARTS.map((part) => `d.get${part}()`).join()}, d.getUTCDay(), d.getUTCMonth(), d.getYear(), d.getTimezoneOffset()]`);
add(600, () => `const d = new Date(${time()}); const r = d.set${one(["", "UTC"])}${one(PARTS.filter((part) => part !== "Day"))}(${many(4, () => one(NUMBERS)).join()}); return [r, +d]`);
add(100, () => `const d = new Date(${time()}); return [d.${one(["setTime", "setYear"])}(${one(NUMBERS)}), +d]`);
add(300, () => `return Date.UTC(${many(7, () => one(NUMBERS)).join()})`);
add(300, () => `return +new Date(${one(NUMBERS)}, ${many(6, () => one(NUMBERS)).join() || "0"})`);
add(200, () => `const d = new Date(${time()}), e = new Date(${time()}); return [d - e, d < e, d == +d, \`\${d}\`, d + 1, d + '', String(e), [d] + '', JSON.stringify({d, e: [e]}) ]`.replace("JSON.stringify({d, e: [e]})", "isNaN(d) || JSON.stringify({d, e: [e]})"));
for (const self of ["{}", "1", "undefined", "Date.prototype", "new (class extends Date {})(0)", "Object.create(new Date(0))", "new Proxy(new Date(0), {})"]) {
  for (const method of [...TEXTS, "getDay", "setDate"]) codes.push(`return Date.prototype.${method}.call(${self})`);
}
for (const hint of ["'string'", "'number'", "'default'", "'x'", "undefined", ""]) for (const self of ["new Date(0)", "{}", "{toString: null, valueOf: () => 4}", "5"]) codes.push(`return Date.prototype[Symbol.toPrimitive].call(${self}, ${hint || "undefined"})`);
for (const method of [...TEXTS, "setHours", "getDay", "UTC"]) codes.push(`const f = Date.prototype.${method} ?? Date.${method}; const d = Object.getOwnPropertyDescriptor(Date.prototype, '${method}'); return [f.name, f.length, d && [d.enumerable, d.configurable, d.writable], 'prototype' in f]`, `return new (Date.prototype.${method})()`);
codes.push("return Date.length", "return Date.prototype.toGMTString === Date.prototype.toUTCString", "return typeof Date()", "return Date.prototype.constructor === Date", "return Object.prototype.toString.call(new Date())", "return new Date(2024, 0).toJSON.call({toISOString: () => 'x', valueOf: () => 1})");

write(codes, globalThis.answer);
