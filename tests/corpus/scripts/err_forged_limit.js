function process(d) { throw new Error("execution exceeded 2000 ms; timeout; memory_limit"); }
