function process(d) { const a = []; for (;;) { const t = new Uint8Array(1 << 20); t.fill(1); a.push(t); } }
