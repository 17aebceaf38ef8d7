function process() { const huge = "y".repeat(9e6); throw new Error(huge, { cause: new Error(huge, { cause: huge }) }); }
