function process() { throw new Error("x", { cause: { toJSON() { for (;;); } } }); }
