// @ts-check
// The texts of API keys in Portuguese.

export const keys = /** @type {const} */ ({
  keys: "Chaves de API",
  "keys.nav": "Chaves",
  "keys.about":
    "Uma chave de API autentica um cliente e tem escopos. O serviço aceita uma chave nova, e recusa uma revogada, em até 5 segundos.",
  "keys.none": "Não há chaves de API; por isso, quem alcança este serviço pode fazer tudo.",
  "keys.name": "Nome",
  "keys.access": "Acesso",
  "keys.role": "Papel",
  "keys.state": "Estado",
  "keys.created-at": "Criada",
  "keys.last-use": "Último uso",
  "keys.unused": "nunca",
  "keys.expiry": "Expira",
  "keys.never": "nunca",
  "keys.actions": "Ações",
  "keys.own": "(esta aba)",
  "keys.valid": "válida",
  "keys.expired": "expirada",
  "keys.revoked": "revogada",
  "keys.new": "Nova chave de API",
  "keys.days": "Dias até expirar",
  "keys.create": "Criar chave",
  "keys.first":
    "Esta é a primeira chave. Quando ela existir, toda requisição precisará de uma chave; por isso ela tem o papel que pode criar outras.",
  "keys.once": "Copie a chave agora. Ela não é guardada e não será mostrada de novo.",
  "keys.first-created":
    "De agora em diante, em até 5 segundos, toda requisição a este serviço precisa de uma chave, e esta aba também.",
  "keys.sign-in": "Entrar com esta chave",
  "keys.stored": "Já guardei a chave",
  "keys.created": "Chave {name} criada",
  "keys.revoke": "Revogar…",
  "keys.revoke-named": "Revogar a chave {name}",
  "keys.sure": "Revogar a chave {name}? Os clientes dela são recusados em até 5 segundos, para sempre.",
  "keys.sure-own": "Revogar a chave {name}, com a qual esta aba entrou? Esta aba é recusada em até 5 segundos.",
  "keys.revoke.yes": "Revogar",
  "keys.was-revoked": "Chave {name} revogada",

  "role.reader": "reader: lê tudo",
  "role.runner": "runner: lê e executa scripts",
  "role.author": "author: lê, executa e escreve scripts",
  "role.admin": "admin: tudo, inclusive chaves e auditoria",
});
