function process(d) { return new Array(1000000000).join("").length; }
