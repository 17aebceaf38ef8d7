const o = { get x() { return this.x; } };
function process(d) { return o.x; }
