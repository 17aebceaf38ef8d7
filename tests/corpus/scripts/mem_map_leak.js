function process(d) { const m = new Map(); for (let i = 0; ; i++) m.set("key" + i, { i, s: "v" + i }); }
