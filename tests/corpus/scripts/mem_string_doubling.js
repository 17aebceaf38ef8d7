function process(d) { let s = "x"; for (;;) s += s; }
