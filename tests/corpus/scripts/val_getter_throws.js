function process(d) { return { get x() { throw new Error("getter boom"); } }; }
