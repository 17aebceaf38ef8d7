function t(k) { const ab = new ArrayBuffer(256, { maxByteLength: 2560 }), u = new Uint8Array(ab); for (let i = 0; i < 256; i++) u[i] = i; u[255] = 0; let n = 0; u.sort((a, b) => { if (++n === k) ab.resize(10); return a - b; }); return u.length; }
function process(d) { let r = 0; for (let k = 1; k < 2200; k += 3) r = t(k); return "ran"; }
