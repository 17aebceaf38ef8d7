Object.freeze(globalThis); Object.freeze(Object.prototype);
function process(d) { return { ok: d }; }
