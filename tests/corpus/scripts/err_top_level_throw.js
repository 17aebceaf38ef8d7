throw new RangeError("at load");
function process(d) { return 1; }
