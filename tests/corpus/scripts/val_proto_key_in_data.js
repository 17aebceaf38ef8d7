function process(d) { return { own: Object.hasOwn(d, "__proto__"), polluted: ({}).admin === true, admin: d.admin === undefined, back: d }; }
