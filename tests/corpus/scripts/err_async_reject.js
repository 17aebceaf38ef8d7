async function process(d) {
  await null;
  throw new TypeError("late failure");
}
