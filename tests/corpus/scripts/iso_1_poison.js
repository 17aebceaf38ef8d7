globalThis.leak = "secret-of-run-1"; Array.prototype.leak = 1; Object.prototype.leak2 = 2; JSON.stringify = () => "x"; Math.max = () => 42; Date.now = () => 0; console.log = () => {};
function process(d) { return "poisoned"; }
