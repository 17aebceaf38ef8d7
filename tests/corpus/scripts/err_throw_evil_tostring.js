function process(d) { throw { toString() { throw 1; }, get stack() { throw 2; } }; }
