const { NumberFormat } = Intl;
for (const name of ["NumberFormat", "DateTimeFormat", "Collator", "PluralRules"]) { Intl[name].prototype.format = null; Intl[name] = () => "forged"; }
delete globalThis.Intl;
function process() { return [(0.5).toLocaleString("pt-BR", { style: "percent" }), new Date(0).toLocaleTimeString("pt-BR"), typeof Intl, new NumberFormat("pt-BR").formatToParts(1).length]; }
