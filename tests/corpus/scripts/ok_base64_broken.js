function process() {
  const out = [];
  for (const text of ["A".repeat(1e5) + "!", "A".repeat(99997), " \t".repeat(1e5) + "QQ==", "€", "=", "QQ=\n="]) try { out.push(atob(text).length); } catch (error) { out.push(error.name); }
  try { btoa("a".repeat(1e5) + "€"); } catch (error) { out.push([error.name, error.code]); }
  return out;
}
