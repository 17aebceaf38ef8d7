function process(d) { try { Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 60000); return "blocked-thread"; } catch (e) { return "no-wait"; } }
