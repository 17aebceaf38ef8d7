globalThis.process = function (d) { return d.a ?? "none"; };
