function process(d) { return { get then() { for (;;); } }; }
