function process() { throw new Error("x", { cause: { toJSON() { const kept = []; for (;;) kept.push(new Uint8Array(1 << 18).fill(1)); } } }); }
