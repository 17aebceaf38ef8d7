function process(d) { throw new Error("bad \ud800 text"); }
