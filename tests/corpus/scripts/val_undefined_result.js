function process(d) { d.x = 1; }
