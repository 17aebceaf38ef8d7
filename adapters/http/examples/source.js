function process(data) {
  const kept = data.filter(row => row.produto === "Empresarial");
  console.log(`${kept.length} of ${data.length} rows`);
  return kept.map(row => ({ trimestre: row.trimestre, bandeira: row.nomeBandeira, cartoes: row.qtdCartoesAtivos }));
}
