function* g() { let i = 0; for (;;) yield { i: i++ }; }
function process(d) { return [...g()].length; }
