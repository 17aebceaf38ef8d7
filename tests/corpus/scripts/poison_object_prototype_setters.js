for (const k of ["s", "v", "status", "result", "ok", "error", "then", "d"]) Object.defineProperty(Object.prototype, k, { configurable: true, get() { return "forged"; }, set(x) {} });
function process(d) { return [1]; }
