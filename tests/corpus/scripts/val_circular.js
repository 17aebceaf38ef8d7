function process(d) { d.self = d; return d; }
