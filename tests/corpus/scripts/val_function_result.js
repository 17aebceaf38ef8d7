function process(d) { return process; }
