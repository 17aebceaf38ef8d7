function process() {
  const fired = [];
  for (const delay of [Infinity, -Infinity, NaN, 2 ** 53, -1, 1e300, "x", null, {}, 2 ** 31]) setTimeout(() => fired.push(String(delay)), delay);
  return new Promise((resolve) => setTimeout(() => resolve(fired), 2));
}
