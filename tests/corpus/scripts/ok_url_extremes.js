function process() {
  const out = [];
  for (const text of ["http://" + "1.".repeat(5000), "http://0x" + "f".repeat(5000), "http://[" + "1:".repeat(5000) + "]", "http://" + "a@".repeat(5000) + "h", "http://h:" + "0".repeat(5000) + "80", "\t".repeat(9000) + "http://h/" + "../".repeat(9000), "http://h/?" + "é".repeat(5000), "x:" + " ".repeat(5000), "http://h\u0000", "a".repeat(9000)]) {
    try { out.push(new URL(text).href.length); } catch (error) { out.push(error.code); }
  }
  return out;
}
