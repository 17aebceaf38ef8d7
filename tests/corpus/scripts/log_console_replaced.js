console = { log() { throw new Error("mine"); } };
function process(d) { try { console.log(1); } catch (e) { return e.message; } }
