// Past the ends of buffers, and in memory that has just been allocated or given back.
function text(bytes) {
  let read = "";
  for (const byte of bytes) if (byte !== 0) read += String.fromCharCode(byte);
  return read;
}

function outside(bytes) {
  const around = [];
  for (let at = -4096; at < 8192; at++) if (bytes[at] !== undefined) around.push(bytes[at]);
  return text(around);
}

function process() {
  const found = [];
  const bytes = new Uint8Array(16);
  found.push(outside(bytes), outside(bytes.subarray(0, 1)), text(new Uint8Array(65536)), text(new Uint8Array(3)));
  const view = new DataView(bytes.buffer);
  for (const at of [-8, 9, 16, 2 ** 31, 2 ** 32, NaN]) {
    try { found.push(String(view.getBigUint64(at))); } catch (error) { found.push(String(error.stack)); }
  }
  const tricks = [
    () => { const b = new ArrayBuffer(64, { maxByteLength: 65536 }); const a = new Uint8Array(b); b.resize(65536); return text(a); },
    () => text(new Uint8Array(new ArrayBuffer(8), 0, 1e6)),
    () => text(new Uint8Array(new ArrayBuffer(8).transfer(65536))),
    () => "x".padEnd(70000).slice(60000) + "abc".substring(-10, 1e9),
    () => JSON.stringify(new Array(1e4)) + new Array(100).join("y"),
    () => { const a = []; a.length = 1e6; return text(a.slice(0, 1e4)); },
    () => { const big = []; for (let i = 0; i < 40; i++) big.push(new Uint8Array(70000)); return big.map(text).join(""); },
    () => { const a = [1, 2, 3]; a[0] = { valueOf() { a.length = 0; return 1; } }; return text(a.fill(7).concat(a.copyWithin(0, 1))); },
    () => { const a = new Float64Array(8); return text(new Uint8Array(a.buffer.slice(-1e9, 1e9))) + a.toString(); },
    () => { let s = ""; for (const c of new String("z").repeat(9)) s += c.codePointAt(1e9); return s; },
    () => { const r = /(?:(x)|y)*/y; r.lastIndex = 2 ** 31; return String(r.exec("xyxy")); },
  ];
  for (const trick of tricks) {
    try { found.push(trick().slice(0, 100000)); } catch (error) { found.push(`${error} ${error.stack}`); }
  }
  return found;
}
