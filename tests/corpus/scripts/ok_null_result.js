function process(d) { return null; }
