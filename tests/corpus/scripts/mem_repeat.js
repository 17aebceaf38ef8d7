function process(d) { return "x".repeat(2 ** 30).length; }
