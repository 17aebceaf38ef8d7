function process(data) {
  const a = 1;
  if (a) {
    throw new Error("boom at four");
  }
}
