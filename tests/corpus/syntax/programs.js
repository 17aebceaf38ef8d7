// Totals by month
function process(data) {
  const totals = {};
  for (const { month, value } of data.rows) {
    totals[month] = (totals[month] ?? 0) + value;
  }
  return Object.entries(totals)
    .map(([month, total]) => ({ month, total }))
    .sort((a, b) => a.month < b.month ? -1 : 1);
}
// ----
const clean = (text) => text?.trim().replace(/[^\w\s]+/gu, "") || null;

class Reader {
  #rows = [];
  static empty = new Reader([]);
  constructor(rows) { this.#rows = rows; }
  get size() { return this.#rows.length; }
  *[Symbol.iterator]() {
    yield* this.#rows;
  }
  async load(...names) {
    for await (const name of names) {
      await this.#read(name);
    }
  }
  #read(name) { return `row ${name} of ${this.size}`; }
}

async function process({ rows = [], ...rest }) {
  const reader = new Reader(rows);
  try {
    await reader.load("a", 'b');
  } catch (error) {
    console.error(error);
  } finally {
    rest.done = true;
  }
  return { ...rest, size: reader.size };
}
// ----
var process = function (data) {
  "use strict";
  var i, result = [];
  outer:
  for (i = 0; i < data.length; i++) {
    switch (typeof data[i]) {
      case "number":
        if (data[i] % 2 === 0) continue outer;
        break;
      case "string":
        data[i] = parseInt(data[i], 10);
      default:
        result.push(-data[i] ** 2 || i++);
    }
  }
  do {
    i--;
  } while (i > 0 && !result[i]);
  /* a note
     of two lines */
  return result.length ? result : { empty: true, "key": 0x1F, [i]: 1_000n };
};
// ----
const LIMITS = { low: 1e3, high: .5 };
let count = 0

globalThis.process = (data) => {
  if (data === null) return null
  else if (Array.isArray(data)) {
    return data.map(process)
  }
  const { id, name: label = "x", tags: [first, , third] = [] } = data
  count += id ?? LIMITS.low
  while (count > LIMITS.high) count /= 2
  label && delete data.name
  return [id, label, first, third, void 0, new Date(0), function () { throw new Error(`no ${id}`) }]
}
