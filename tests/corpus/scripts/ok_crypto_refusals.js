async function process() {
  const out = [], bytes = new Uint8Array(1000);
  for (const call of [
    () => crypto.getRandomValues(new Uint8Array(65537)), () => crypto.getRandomValues(new Float64Array(1)),
    () => crypto.getRandomValues.call({}, bytes), () => crypto.subtle.digest("MD5", bytes), () => crypto.subtle.digest("SHA-1", "text"),
  ]) try { await call(); out.push("done"); } catch (error) { out.push([error.name, error.code ?? null]); }
  return out;
}
