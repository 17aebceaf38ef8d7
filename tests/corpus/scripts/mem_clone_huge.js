function process() { return structuredClone(new Array(1e5).fill(0).map((_, i) => ({ i }))).length; }
