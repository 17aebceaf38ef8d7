function process() {
  const out = [];
  const none = new Proxy({}, { get() { throw new Error("get"); }, ownKeys() { throw new Error("keys"); }, getPrototypeOf() { throw new Error("prototype"); } });
  for (const value of [{ toString() { throw new Error("text"); } }, Symbol("s"), none, new Proxy(() => {}, {})]) {
    for (const name of ["group", "count", "time", "dir", "assert", "log", "groupEnd"]) {
      try { console[name](value, value); } catch (error) { out.push(`${name} ${error.message}`); }
    }
  }
  return out;
}
