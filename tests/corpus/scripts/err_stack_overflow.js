function f(n) { return 1 + f(n + 1); }
function process(d) { return f(0); }
