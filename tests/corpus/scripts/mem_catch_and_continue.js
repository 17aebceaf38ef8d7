function process(d) { const a = []; for (;;) { try { a.push(new Array(10000).fill(0)); } catch (e) {} } }
