function process(d) { return { a: NaN, b: Infinity, c: -Infinity, d: [NaN] }; }
