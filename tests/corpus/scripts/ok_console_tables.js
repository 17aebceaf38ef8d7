function process() {
  const row = {}, map = new Map();
  for (let i = 0; i < 1e4; i++) row["c" + i] = i;
  for (let i = 0; i < 1e5; i++) map.set(i, i);
  console.table([row]);
  console.table(new Array(3e5).fill({ a: 1 }));
  console.table(map);
  return 1;
}
