function process(d) { const a = []; for (let i = 0; i < 3000000; i++) a.push(String(i * 7919 % 3000017)); for (;;) { a.sort(); a.reverse(); } }
