function process() { const error = new Error("y"); Object.defineProperty(error, "message", { get() { const kept = []; for (;;) kept.push(new Uint8Array(1 << 18).fill(1)); } }); throw error; }
