async function process(data) {
  const xs = await Promise.all(data.map(async x => { await null; return x * 2; }));
  return xs;
}
