Promise.prototype.then = function (ok) { return ok && ok("forged"); }; Promise.resolve = () => "forged";
async function process(d) { return { real: 1 }; }
