function process(d) { let a = [1]; for (;;) a = a.concat(a); }
