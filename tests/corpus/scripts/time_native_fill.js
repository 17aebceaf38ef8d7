function process(d) { return Array.prototype.fill.call({ length: 1e15 }, 1).length; }
