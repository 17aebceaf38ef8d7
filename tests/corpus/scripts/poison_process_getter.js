let n = 0; Object.defineProperty(globalThis, "process", { get() { n++; return n % 2 ? 5 : (d) => ({ n }); } });
