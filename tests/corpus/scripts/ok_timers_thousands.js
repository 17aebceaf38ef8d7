function process() {
  let fired = 0;
  for (let i = 0; i < 5000; i++) setTimeout(() => fired++, 2 ** 31 - 2 - i);
  return new Promise((resolve) => setTimeout(() => resolve(fired), 2 ** 31 - 1));
}
