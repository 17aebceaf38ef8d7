for (const k of Object.getOwnPropertyNames(globalThis)) { if (!["globalThis", "process", "undefined", "NaN", "Infinity"].includes(k)) { try { delete globalThis[k]; } catch (e) {} } }
function process(d) { return { ok: d }; }
