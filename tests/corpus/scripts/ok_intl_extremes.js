function process() {
  const out = [];
  const tried = (make) => { try { out.push(make()); } catch (error) { out.push(error.name); } };
  for (const value of [Infinity, -Infinity, NaN, -0, 1e308, 5e-324, 2n ** 2000n, "Infinity", {}, [], null, undefined]) {
    tried(() => new Intl.NumberFormat("pt-BR").formatToParts(value).map((part) => part.type + part.value.length).join(" ").slice(0, 60));
  }
  for (const timeZone of ["America/Sao_Paulo", "Asia/Tokyo", "UTC"]) for (const time of [8.64e15, 8.64e15 - 1, -8.64e15, 1 - 8.64e15, 8.64e15 + 1, NaN]) {
    tried(() => new Intl.DateTimeFormat("pt-BR", { dateStyle: "full", timeStyle: "medium", timeZone }).format(time));
  }
  for (const options of [{ maximumFractionDigits: 101 }, { minimumIntegerDigits: 22 }, { style: "unit", unit: "x".repeat(1e5) }, { style: "currency", currency: "x".repeat(1e5) }]) {
    tried(() => new Intl.NumberFormat("en", options).format(1));
  }
  for (const tag of ["a-".repeat(2000), "en-" + "x".repeat(9000), "", "i", "\u0000", { length: 1 }]) tried(() => new Intl.NumberFormat(tag).format(1));
  return out;
}
