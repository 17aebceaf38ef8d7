function process() {
  const out = [], bytes = new Uint8Array(2e5).fill(97);
  bytes[bytes.length - 1] = 226;
  for (const options of [{}, { fatal: true }]) for (const name of ["utf-8", "utf-16le", "windows-1252", "utf-7"]) {
    try { const text = new TextDecoder(name, options).decode(bytes); out.push([text.length, text.codePointAt(text.length - 1)]); } catch (error) { out.push(error.code); }
  }
  const parts = new TextDecoder("utf-8", { fatal: true });
  for (let i = 0; i < 100; i++) out[8] = parts.decode(bytes.subarray(-1), { stream: true }) + parts.decode(new Uint8Array([130, 172]), { stream: true });
  try { parts.decode(bytes); } catch (error) { out.push(error.code); }
  return out;
}
