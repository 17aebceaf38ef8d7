// What failures tell: messages, stacks, call sites, callers, and what the host says about its own frames.
const found = [];

function note(error) {
  found.push(String(error));
  for (const key of error ? Reflect.ownKeys(Object(error)) : []) {
    try { found.push(`${String(key)}: ${error[key]}`); } catch (inner) { found.push(String(inner)); }
  }
}

function process(paths) {
  try { Error.stackTraceLimit = 1000; } catch (error) { note(error); }
  Error.prepareStackTrace = (error, sites) => {
    for (const site of sites ?? []) {
      for (const name of Reflect.ownKeys(Object.getPrototypeOf(site))) {
        try { const value = site[name](); found.push(`${name}: ${value}`); note(value); } catch (inner) { found.push(String(inner)); }
      }
    }
    return `${error}`;
  };
  const failures = [
    () => missing, () => null.x, () => JSON.parse("{"), () => JSON.parse(paths), () => new RegExp("("), () => decodeURI("%"),
    () => eval("("), () => new Function("}{"), () => Symbol() + "", () => 1n + 1, () => ({}).x.y, () => new Array(-1),
    () => (function f() { return f() + 1; })(), () => "x".repeat(2 ** 30), () => structuredClone(1), () => dukpy, () => call_python(),
    () => process.caller, () => arguments.callee.caller, () => process.arguments, () => { throw new Proxy({}, {}); },
    () => console.log.call(null, { toString() { throw new Error("inside"); } }), () => Object.defineProperty(globalThis, "console", { get: 1 }),
    () => { const e = {}; Error.captureStackTrace(e); throw e; }, () => { throw new AggregateError([new Error("a")], "b", { cause: globalThis }); },
  ];
  for (const fail of failures) {
    try { found.push(String(fail())); } catch (error) { note(error); }
  }
  console.error(found.join("\n"));
  const last = new Error(found.join("\n"));
  last.stack += found.join("\n");
  throw last;
}
