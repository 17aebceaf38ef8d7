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
  "logs.stopped": "O log termina onde a execução foi interrompida. Linhas dos seus últimos dois segundos podem faltar.",
  "logs.stopped.truncated": "Os primeiros 64 KiB. O que veio depois não é guardado, pois a execução foi interrompida.",
  "logs.stopped.empty": "A execução foi interrompida antes que uma linha do seu log fosse armazenada.",
  "logs.new.one": "{n} linha nova no log",
  "logs.new.other": "{n} linhas novas no log",
  "queue.next": "Próxima execução do seu script",
  "queue.ahead.one": "{n} execução do seu script na frente",
  "queue.ahead.other": "{n} execuções do seu script na frente",
};
