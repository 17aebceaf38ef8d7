function process() { const error = new Error("x"); Object.defineProperty(error, "stack", { get() { for (;;); } }); console.log(error); }
