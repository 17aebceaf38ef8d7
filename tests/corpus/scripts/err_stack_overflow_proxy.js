let p = {}; for (let i = 0; i < 100000; i++) p = new Proxy(p, {});
function process(d) { return p.x === undefined; }
