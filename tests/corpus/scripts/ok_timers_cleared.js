function process() {
  let fired = 0;
  const all = [];
  const one = () => { fired++; for (const timer of all) clearTimeout(timer); };
  for (let i = 0; i < 1000; i++) all.push(setTimeout(one, { [Symbol.toPrimitive]: () => { setTimeout(() => { fired += 1000; }, 1); return 5; } }));
  return new Promise((resolve) => setTimeout(() => resolve(fired), 10));
}
