function process(d) { return "x".repeat(5000000); }
