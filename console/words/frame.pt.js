// @ts-check
// The texts of the header, and of lists without rows, in Portuguese.

export const frame = /** @type {const} */ ({
  guide: "Guia",
  "time.format": "AAAA-MM-DD HH:MM",
  "time.refused": "Escreva uma data e uma hora, como {example}.",
  "time.utc": "Mostrar horários em UTC",
  density: "Linhas espaçosas",
  health: "Verificando o serviço…",
  "health.good": "O serviço está pronto.",
  "key.none-needed": "Este serviço ainda não exige chave de API: quem o alcança pode fazer tudo.",
  "notice.dismiss": "Dispensar",
  "filter.any-time": "Qualquer data",
  "empty.executions": "Cada execução de um script sobre um dataset aparece aqui, com estado, duração e erro.",
  "empty.batches": "Abra um script e escolha “Executar um lote…” para executá-lo sobre muitos datasets de uma vez.",
  "empty.jobs":
    "Abra um script e escolha “Executar sobre dados armazenados…” para executá-lo sobre os arquivos de um armazenamento.",
  "empty.audit":
    "Cada alteração e cada acesso a um dataset, um resultado ou um log fica registrado aqui, com a chave de API.",
  "empty.stores":
    "Um armazenamento é uma pasta ou um bucket. O operador os define e diz quais chaves de API podem usá-los.",
  "empty.scripts": "Abrir um script",
});
