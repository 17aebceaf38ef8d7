// @ts-check
// Os textos da página de uma execução em português.

export const executions = {
  "execution.details": "Detalhes",
  "execution.of-limit": "{value} de {limit}",
  "execution.elapsed": "Decorrido",
  "execution.by-key": "pela chave de API {key}",
  "execution.actions": "Mais ações",
  "execution.curl": "Copiar como curl",
  "execution.python": "Copiar como Python",
  "execution.not-yet": "Aparece aqui quando a execução terminar.",
  "logs.live": "As linhas aparecem aqui à medida que o script as imprime.",
  "logs.live.truncated": "Os primeiros 64 KiB. O resto aparece quando a execução terminar.",
  "logs.not-kept": "O log de uma execução cancelada ou perdida não é guardado.",
  "logs.new.one": "{n} linha nova no log",
  "logs.new.other": "{n} linhas novas no log",
  "queue.next": "Próxima execução do seu script",
  "queue.ahead.one": "{n} execução do seu script na frente",
  "queue.ahead.other": "{n} execuções do seu script na frente",
};
