// What an earlier run may have left: names, prototypes, symbols, jobs, caches, and the generator's and the clock's state.
const names = ["left", "data", "dataset", "previous", "source", "process", "result", "holder", "value", "state", "d", "p"];

function process(data) {
  const found = [];
  for (const place of [globalThis, {}, [], "", 0, () => {}, Symbol(), /x/, new Map(), Promise, JSON, Math, console, Error, data]) {
    for (const name of names) {
      try { found.push(String(place[name]), JSON.stringify(place[name]) ?? ""); } catch (error) { found.push(String(error)); }
    }
  }
  for (const name of names) {
    try { found.push(String((0, eval)(name))); } catch (error) { found.push(String(error)); }
  }
  found.push(String(Symbol.for("left").description), String(RegExp.$1), String(RegExp.lastMatch), String(RegExp["$_"]), String(RegExp.input));
  found.push(...Object.getOwnPropertyNames(globalThis), ...Reflect.ownKeys(Array.prototype).map(String));
  for (const made of [String.raw`x`, `${[]}`, new Date().toString(), Math.random().toString(36), performance.now()]) found.push(String(made));
  return found;
}
