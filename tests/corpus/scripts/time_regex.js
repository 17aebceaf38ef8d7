function process(d) { return /^(a+)+$/.test("a".repeat(40) + "!"); }
