function process(d) { return 1; }
/* unterminated
