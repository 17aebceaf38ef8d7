function process(d) { return "\u0001".repeat(400000); }
