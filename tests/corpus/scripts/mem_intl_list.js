function process() { return new Intl.ListFormat("en").format((function* () { for (;;) yield "x".repeat(1000); })()); }
