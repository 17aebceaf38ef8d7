// The order in which timers fire, their arguments, and what they return. The delays are far enough apart for Node's clock.
async function process() {
  const log = [];
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const said = (text, ms) => setTimeout(() => log.push(text), ms);
  setTimeout(function (...given) { log.push([this === globalThis, this.constructor.name, given].join()); }, 1, "a", "b");
  said("negative", -1); said("not a number", "abc"); said("fraction", 1.9); said("100", 100); said("50", 50); said("text", "75");
  let count = 0;
  const interval = setInterval(() => { if (++count === 3) { clearInterval(interval); log.push("interval"); } }, 60);
  setTimeout(() => {
    log.push("outer");
    setImmediate(() => { log.push("immediate"); Promise.resolve().then(() => log.push("job")); });
    setImmediate(() => log.push("another"));
    setTimeout(() => log.push("inner"), 0);
    queueMicrotask(() => log.push("microtask"));
  }, 210);
  clearTimeout(String(+said("cleared by text", 30))); clearTimeout(+said("cleared by number", 30)); clearTimeout(said("cleared", 30));
  clearInterval(said("cleared as an interval", 30)); clearImmediate(setImmediate(() => log.push("cleared immediate")));
  said("unreferenced", 240).unref();
  const refreshed = said("refreshed", 120); setTimeout(() => refreshed.refresh(), 40);
  const gone = said("cleared and refreshed", 150); setTimeout(() => { clearTimeout(gone); gone.refresh(); gone.ref(); }, 20);
  const again = said("again", 135); setTimeout(() => again.refresh(), 265);
  await pause(450);
  const order = [];
  for (let i = 0; i < 200; i++) { const delay = ((i * 7919) % 10) * 40 + 1; setTimeout(() => order.push(`${delay}.${i}`), delay); }
  await pause(500);
  log.push(order.join(" "));
  for (let i = 0; i < 2000; i++) await new Promise((resolve) => setImmediate(resolve));
  const thrown = (call) => { try { return typeof call(); } catch (error) { return `${error.name} ${error.message} ${error.code}`; } };
  for (const make of [setTimeout, setInterval, setImmediate]) for (const given of [undefined, null, "x", 1, {}, [], Symbol("s")]) log.push(thrown(() => make(given)));
  for (const clear of [clearTimeout, clearInterval, clearImmediate]) for (const given of [undefined, null, {}, [], () => 1]) log.push(thrown(() => clear(given)));
  for (const name of ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"]) {
    const { value, enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(globalThis, name);
    log.push([value.name, value.length, enumerable, writable, configurable].join());
  }
  const timer = setTimeout(() => {}, 5);
  log.push(Object.getOwnPropertyNames(Object.getPrototypeOf(timer)).sort().join(), Object.getOwnPropertyNames(Object.getPrototypeOf(setImmediate(() => {}))).sort().join());
  log.push([timer.hasRef(), timer.unref() === timer, timer.hasRef(), timer.ref() === timer, timer.refresh() === timer, timer.close() === timer, typeof +timer].join());
  return log;
}
