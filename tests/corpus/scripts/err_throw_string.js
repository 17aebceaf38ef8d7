function process(d) { throw "just text"; }
