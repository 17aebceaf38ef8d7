function process(d) { const s = "ab".repeat(2e6); const a = []; for (;;) a.push(s.match(/(a)(b)/g)); }
