function process() {
  const row = {}, map = new Map();
  for (let i = 0; i < 4e4; i++) row["c" + i] = i;
  for (let i = 0; i < 5e4; i++) map.set(i, i);
  console.table([row]);
  console.table(new Array(1e5).fill({ a: 1 }));
  console.table(map);
  return 1;
}
