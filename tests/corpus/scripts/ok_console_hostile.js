function process() {
  const row = {};
  for (let i = 0; i < 2000; i++) row["c" + i] = i;
  let chain = {}, deep = {}, wide = [1];
  for (let i = 0; i < 2000; i++) chain = new Proxy(chain, {});
  for (let i = 0; i < 5000; i++) deep = { deep };
  for (let i = 0; i < 30; i++) wide = [wide, wide, wide];
  row.self = row;
  for (const value of [row, [row], [[row]], new Array(2000).fill({ a: 1 }), chain, deep, wide, new Map([[row, wide]]), new Uint8Array(1e4), new Error("x".repeat(1e5))]) {
    for (const name of ["table", "log", "dir"]) console[name](value);
  }
  console.dir(wide, { depth: Infinity });
  for (let i = 0; i < 5000; i++) console.group();
  console.log("line\n".repeat(1e5));
  return 1;
}
