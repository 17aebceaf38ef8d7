class P { constructor(x) { this.x = x; } toJSON() { return "P(" + this.x + ")"; } }
function process(d) { return [new P(1), { toJSON() { return undefined; } }]; }
