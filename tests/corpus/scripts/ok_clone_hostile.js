function process() {
  let deep = {};
  for (let i = 0; i < 1000; i++) deep = { deep };
  let depth = 0;
  for (let one = structuredClone(deep); one.deep !== undefined; one = one.deep) depth++;
  const knot = { list: [] };
  knot.self = knot;
  knot.list.push(knot, knot.list, new Map([[knot, knot]]));
  const copy = structuredClone(knot);
  const map = new Map([[1, { get x() { map.clear(); map.set(9, 9); return 1; } }], [2, 3]]);
  const holes = [];
  holes.length = 2 ** 32 - 1;
  holes[2 ** 32 - 2] = 1;
  const buffer = new ArrayBuffer(8);
  const out = [depth, copy.self === copy && copy !== knot && copy.list[2].get(copy) === copy, [...structuredClone(map).keys()], structuredClone(holes).length];
  for (const value of [() => 1, Symbol("s"), { get x() { throw new RangeError("mine"); } }, new Proxy([], {}), new WeakMap(), Promise.resolve(), [globalThis]]) {
    try { structuredClone(value); out.push("copied"); } catch (error) { out.push(error.name); }
  }
  try { structuredClone({ get x() { structuredClone(buffer, { transfer: [buffer] }); return 1; } }, { transfer: [buffer] }); out.push("moved"); } catch (error) { out.push(error.name); }
  return out;
}
