function process() {
  const kept = [], bytes = new Uint8Array(1e5).fill(233);
  for (;;) kept.push(new TextDecoder("latin1").decode(bytes));
}
