async function process() {
  const bytes = new Uint8Array(8);
  let last;
  for (let i = 0; i < 3000; i++) { bytes[i & 7]++; last = crypto.subtle.digest("SHA-256", bytes); if (i % 3) last = await last; }
  return Array.from(new Uint8Array(await last)).map((one) => one.toString(16).padStart(2, "0")).join("");
}
