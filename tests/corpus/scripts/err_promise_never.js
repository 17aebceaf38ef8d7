function process(d) { return new Promise(() => {}); }
