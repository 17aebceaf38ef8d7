function process(d) { return { up: d.s.toUpperCase(), n: [...d.s].length, rev: [...d.s].reverse().join("") }; }
