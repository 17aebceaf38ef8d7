function process(d) { throw new Error("m".repeat(3000000)); }
