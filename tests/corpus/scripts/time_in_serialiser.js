function process(d) { return { toJSON() { for (;;); } }; }
