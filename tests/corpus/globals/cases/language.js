// The order of calls and the results of sort, with comparators of every kind, and BigInt.asUintN and asIntN.
function process() {
  let state = 7;
  const below = (end) => { state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff; return (state >>> 8) % end; };
  const hash = (texts) => texts.reduce((sum, text) => (Math.imul(sum, 31) + text.length + (text.charCodeAt(0) || 0)) | 0, 7);
  const comparators = {
    numeric: (a, b) => a.v - b.v, descending: (a, b) => b.v - a.v, boolean: (a, b) => a.v > b.v, less: (a, b) => a.v < b.v, always: () => 1,
    never: () => -1, missing: (a, b) => (a.k % 9 ? a.v : undefined) - b.v, zero: () => 0, nothing: () => undefined, notANumber: () => NaN, text: (a, b) => (a.v > b.v ? "1" : "-1"), sign: (a, b) => (a.v < b.v ? -1 : 1),
    chance: (a, b) => ((a.v * 7 + b.v * 13 + a.k) % 5) - 2, half: (a, b) => (a.v - b.v) / 10 | 0, unlike: (a, b) => (a.v === b.v ? 0 : a.k % 3 - 1),
  };
  const log = [];
  for (const [name, compare] of Object.entries(comparators)) {
    for (const count of [0, 1, 2, 3, 5, 10, 31, 32, 33, 63, 64, 65, 100, 130, 257, 1000]) {
      for (const shape of [(i) => below(1000), (i) => below(4), (i) => i, (i) => -i, (i) => (i % 50 < 40 ? i : below(1000)), (i) => i % 70, (i) => (i < count / 2 ? i * 2 : (i - count / 2) * 2 + 1)]) {
        const data = Array.from({ length: count }, (_, k) => ({ k, v: shape(k) }));
        const calls = [];
        const sorted = data.toSorted((a, b) => { calls.push(`${a.k},${b.k}`); return compare(a, b); });
        const inPlace = [...data].sort(compare);
        const called = count <= 64 ? `${calls.length} ${hash(calls)}` : ""; // the calls for a long array are the engine's choice
        log.push(`${name} ${count} ${called} ${hash(sorted.map((one) => String.fromCharCode(one.k + 1)))} ${inPlace.every((one, i) => one === sorted[i])}`);
      }
    }
  }
  const seen = [];
  log.push([3, 1, 2, 1, 1, 5, 4].sort((a, b) => { seen.push(`${a},${b}`); return a - b; }).join(), seen.join(" "));
  let count = 0;
  [1, 1, 1].sort(() => { count++; return 0; });
  log.push(count);
  const sparse = [3, , undefined, 1, , 2];
  log.push(Object.keys(sparse.sort((a, b) => a - b)).join(), sparse.length, JSON.stringify(sparse), JSON.stringify([3, , undefined, 1].toSorted((a, b) => a - b)));
  log.push(JSON.stringify(Array.prototype.sort.call({ length: 3, 0: "c", 1: "a", 2: "b", x: 1 }, (a, b) => (a < b ? -1 : 1))), JSON.stringify([..."banana"].sort()), [10, 9, 1].sort(undefined).join());
  const thrown = (call) => { try { return String(call()); } catch (error) { return error.name; } };
  for (const given of [null, 1, "a", {}, Symbol()]) log.push(thrown(() => [1, 2].sort(given)), thrown(() => [1, 2].toSorted(given)));
  log.push(thrown(() => Object.freeze([2, 1]).sort((a, b) => a - b)), thrown(() => Array.prototype.sort.call(null, () => 0)), thrown(() => [1, 2].sort(() => 1n)), thrown(() => [1, 2].sort(() => Symbol())), thrown(() => [1, 2].sort(() => { throw new RangeError(); })));
  for (const name of ["sort", "toSorted"]) { const d = Object.getOwnPropertyDescriptor(Array.prototype, name); log.push(`${d.value.name} ${d.value.length} ${d.enumerable} ${d.writable} ${d.configurable}`); }
  for (const bits of [0, 1, 3, 8, 31, 32, 33, 63, 64, 65, 100, 128, 200, "8", 8.9, null, undefined, true]) {
    for (const value of [0n, 1n, -1n, 5n, -5n, 127n, 128n, -128n, -129n, 255n, 256n, 2n ** 31n, -(2n ** 31n), 2n ** 63n, -(2n ** 63n), 2n ** 64n, -(2n ** 64n) - 1n, -(2n ** 70n) + 5n, 2n ** 130n + 3n, -(2n ** 130n), "12", true]) {
      log.push(`${BigInt.asUintN(bits, value)} ${BigInt.asIntN(bits, value)}`);
    }
  }
  for (const given of [[-1, 1n], [2 ** 53, 1n], [8, 1], [8], [Symbol(), 1n], [8n, 1n]]) log.push(thrown(() => BigInt.asUintN(...given)));
  log.push(`${BigInt.asUintN.name} ${BigInt.asUintN.length}`, String(new BigUint64Array([-1n, 2n ** 64n, -(2n ** 63n)])), String(new BigInt64Array([-1n, 2n ** 63n])));
  return log;
}
