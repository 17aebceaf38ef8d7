// What `Intl` answers, as one text that needs no builtin of the script's (test_intl.py).
const asked = [
  () => (1234567.891).toLocaleString("pt-BR", { __proto__: null, style: "currency", currency: "BRL" }),
  () => (1e21).toLocaleString("es", { __proto__: null, maximumSignificantDigits: 3 }),
  () => 12n.toLocaleString("en"),
  () =>
    new Date(1710552600000).toLocaleString("pt", {
      __proto__: null,
      timeZone: "America/Sao_Paulo",
      timeZoneName: "long",
    }),
  () => new Intl.DateTimeFormat("en-US", { __proto__: null, dateStyle: "full" }).formatRange(0, 1e10),
  () => new Intl.NumberFormat("es", { __proto__: null, notation: "compact" }).formatToParts(12345),
  () => "é".localeCompare("f", "pt"),
  () => new Intl.PluralRules("pt").select(1),
  () => new Intl.NumberFormat("en").formatRange(1, 2),
  () => new Intl.RelativeTimeFormat("es", { __proto__: null, numeric: "auto" }).format(-1, "day"),
  () => new Intl.DisplayNames("pt", { __proto__: null, type: "region" }).of("BR"),
  () => new Intl.Locale("pt").maximize().toString(),
  () => Intl.getCanonicalLocales("PT-br"),
  () => new Intl.NumberFormat("pt-BR").resolvedOptions(),
  () => new Date(0).toLocaleTimeString(),
  () => new Intl.Collator("pt", { __proto__: null, numeric: true }).compare("a10", "a9"),
  () => Intl.supportedValuesOf("unit"),
];
function shown(value) {
  if (typeof value !== "object") return value + "";
  let text = "";
  for (const name in value) text += name + "=" + shown(value[name]) + ";";
  return text;
}
function process() {
  let text = "";
  for (let i = 0; i < asked.length; i++) text += shown(asked[i]()) + "\n";
  return text;
}
