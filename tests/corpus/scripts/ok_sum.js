function process(data) {
  return { total: data.items.reduce((a, x) => a + x.qty * x.price, 0), n: data.items.length };
}
