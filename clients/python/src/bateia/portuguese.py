"""The messages in Portuguese, by the English ones. Names in braces are the same in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SERVICE: Final = {
    "(see bateia {command} --help)": "(veja bateia {command} --help)",
    "interrupted": "interrompido",
    "logged in to {url} as {name}; stored in {file}": "conectado a {url} como {name}; acesso guardado em {file}",
    "there is no terminal to ask for the API key: pipe it into `bateia login URL --key-stdin`": (
        "não há um terminal para pedir a chave de API: envie-a por um pipe a `bateia login URL --key-stdin`"
    ),
    "this address has no TLS: anyone on the way can read the API key": (
        "este endereço não tem TLS: qualquer um no caminho pode ler a chave de API"
    ),
    "anyone (it needs no API key)": "qualquer um (o serviço não exige chave de API)",
    "{name} at {url}": "{name} em {url}",
    "scopes: {value}": "escopos: {value}",
    "workers: {workers}": "workers: {workers}",
    "API key (empty if the service needs none): ": "Chave de API (vazia se o serviço não exigir): ",
    "version {version}: {running} running, {waiting} waiting": (
        "versão {version}: {running} em execução, {waiting} na fila"
    ),
    "{url} is ready": "{url} está pronto",
    "{url} is NOT ready": "{url} NÃO está pronto",
    "{sample} is not JSON: name a dataset as a sample": "{sample} não é JSON: indique um dataset como amostra",
    "--output is for --csv: name both, or redirect --json": (
        "--output é para --csv: use os dois, ou redirecione a saída de --json"
    ),
    "not confirmed, and nothing was done: --yes confirms it in advance": (
        "sem confirmação, nada foi feito: --yes confirma de antemão"
    ),
    "[y/N]": "[s/N]",
    "HTTP {status} of {address}": "HTTP {status} de {address}",
    ", request {id}": ", requisição {id}",
    "HTTP {status} without a reason: is this the address of Bateia?": (
        "HTTP {status} sem explicação: este é o endereço do Bateia?"
    ),
    "No such file: {file}": "Arquivo não encontrado: {file}",
    "{file} is a folder: name a file": "{file} é uma pasta: indique um arquivo",
    "{file} may not be read or written: look at its permissions": (
        "sem permissão para ler ou escrever {file}: verifique as permissões do arquivo"
    ),
    "line {number}": "linha {number}",
    " in line {line}": " na linha {line}",
    " in partition {number}": " na partição {number}",
    "no response": "sem resposta",
    "no response in time": "sem resposta a tempo",
    "{what} from {url} ({reason}): is the service running there?": (
        "{what} de {url} ({reason}): o serviço está rodando nesse endereço?"
    ),
    "the response is longer than {most_bytes} bytes: save it into a file": (
        "a resposta tem mais de {most_bytes} bytes: salve-a em um arquivo"
    ),
    "the response is not JSON: is this the address of Bateia?": ("a resposta não é JSON: este é o endereço do Bateia?"),
    "{id} is still {status} when its time is over, and goes on": (
        "o tempo de espera acabou, e {id} continua (estado: {status})"
    ),
    "{chosen!r} is not an address such as {default_url}": "{chosen!r} não é um endereço como {default_url}",
    "the address has a user or a password: pass the API key as `key`": (
        "o endereço tem um usuário ou uma senha: passe a chave de API como `key`"
    ),
    "the API key has characters that no key has: copy it again, without line breaks": (
        "a chave de API tem caracteres que nenhuma chave tem: copie-a de novo, sem quebras de linha"
    ),
    "the stored login in {path} cannot be read: run `bateia login` again": (
        "o acesso guardado em {path} não pode ser lido: rode `bateia login` de novo"
    ),
    "API key {id}, {value}, {expiry}": "chave de API {id}, {value}, {expiry}",
    "expires at {time}": "expira em {time}",
    "never expires": "nunca expira",
    "Revoke the API key {key}?": "Revogar a chave de API {key}?",
    "from now on, every request needs an API key": "de agora em diante, toda requisição exige uma chave de API",
    "revoked {key}": "{key} revogada",
    "webhook {id}: the line on standard output is its signing secret": (
        "webhook {id}: a linha na saída padrão é o segredo de assinatura"
    ),
    "Delete the webhook {webhook}?": "Apagar o webhook {webhook}?",
    "deleted {webhook}": "{webhook} apagado",
    "yes": "sim",
    "no": "não",
}
_RUNS: Final = {
    "execution {id} of version {version}": "execução {id} da versão {version}",
    "execution {id} has no result": "a execução {id} não tem resultado",
    "waiting for the outcome": "aguardando o resultado",
    "the execution goes on: bateia result {id}": "a execução continua: bateia result {id}",
    "the execution goes on: bateia logs {id} --follow": "a execução continua: bateia logs {id} --follow",
    "the log begins anew with attempt {number}": "o log recomeça com a tentativa {number}",
    "more was printed than the log has": "o script imprimiu mais do que o log guarda",
    "the log ends where the run was stopped": "o log termina onde a execução foi interrompida",
    "Delete the dataset and the result of execution {execution}?": (
        "Apagar o dataset e o resultado da execução {execution}?"
    ),
    "Delete the datasets and the results of batch {batch}?": "Apagar os datasets e os resultados do lote {batch}?",
    "reproduction {id}": "reprodução {id}",
    "{id} is {status}": "estado de {id}: {status}",
    "reproducing": "reproduzindo",
    "reproduced": "reproduzida",
    "NOT reproduced": "NÃO reproduzida",
    "it goes on: bateia executions reproduction {execution} {id}": (
        "ela continua: bateia executions reproduction {execution} {id}"
    ),
    "cancelled {batch}": "{batch} cancelado",
    "saved {file}": "{file} salvo",
    "{path} must end in .json, .ndjson or .csv, which is the format of the file": (
        "{path} deve terminar em .json, .ndjson ou .csv, que é o formato do arquivo"
    ),
    "receiving the result": "recebendo o resultado",
    "the result is no array of objects, so it has no columns: save it as .json": (
        "o resultado não é um array de objetos, por isso não tem colunas: salve-o como .json"
    ),
    "the result is no array, so it has no lines: save it as .json": (
        "o resultado não é um array, por isso não tem linhas: salve-o como .json"
    ),
    "batch {id}: {succeeded} succeeded, {failed} failed": ("lote {id}: com sucesso: {succeeded}, com falha: {failed}"),
    "batch {id} of {lines} lines": "lote {id} de {lines} linhas",
    "waiting for the batch": "aguardando o lote",
    "the batch goes on: its id is {id}": "o lote continua: seu id é {id}",
    "reading {name}": "lendo {name}",
    "uploading {name}": "enviando {name}",
    "--lines is for standard input: a file with one value per line is named .ndjson or .jsonl": (
        "--lines é para a entrada padrão: um arquivo com um valor por linha se chama .ndjson ou .jsonl"
    ),
    "standard input": "entrada padrão",
    "standard input cannot be read: {reason}": "a entrada padrão não pode ser lida: {reason}",
    "standard input is empty: has the program that writes to it failed?": (
        "a entrada padrão está vazia: o programa que escreve nela falhou?"
    ),
    "standard input is closed: pipe data into the command, or name a file in place of -": (
        "a entrada padrão está fechada: envie dados ao comando por um pipe, ou indique um arquivo no lugar de -"
    ),
    (
        "standard input is a terminal, and - reads data from it: pipe the data into the command, "
        "as in `producer | bateia …`, or name a file in place of -"
    ): (
        "a entrada padrão é um terminal, e - lê dados dela: envie os dados ao comando por um pipe, "
        "como em `producer | bateia …`, ou indique um arquivo no lugar de -"
    ),
    "--watch needs a file: standard input can be read once only": (
        "--watch exige um arquivo: a entrada padrão só pode ser lida uma vez"
    ),
    "running {source} {place}": "executando {source} {place}",
    "in the local sandbox": "na sandbox local",
    "as a preview on {url}": "como prévia em {url}",
    "failed {place}: {error}": "falhou {place}: {error}",
    "succeeded {place} in {value:.1f} ms": "concluído {place} em {value:.1f} ms",
    "its exit status is {status}": "seu status de saída é {status}",
    "the installation of the service on this machine cannot run it: {reason}": (
        "a instalação do serviço nesta máquina não consegue executá-lo: {reason}"
    ),
    "{errors}; --remote runs it on the server": "{errors}; --remote o executa no servidor",
    "a preview takes a dataset of at most 1 MiB: use a part of it, or `bateia submit`": (
        "uma prévia aceita um dataset de no máximo 1 MiB: use uma parte dele, ou `bateia submit`"
    ),
    "{path} is compressed: decompress it first, or use `bateia submit`": (
        "{path} está comprimido: descomprima-o antes, ou use `bateia submit`"
    ),
    "{service_variable} names {folder}, which is no checkout with its .venv: run its set-up there": (
        "{service_variable} indica {folder}, que não é um checkout com um .venv: faça a instalação nessa pasta"
    ),
    "equal": "iguais",
    "{equal} equal, {changed} changed, {added} added, {removed} removed": (
        "iguais: {equal}, alteradas: {changed}, acrescentadas: {added}, removidas: {removed}"
    ),
    "1 value differs": "1 valor difere",
    "{count} values differ": "{count} valores diferem",
    "{left_out} more differences are not listed": "há mais {left_out} diferenças fora da lista",
    "rows changed": "linhas alteradas",
    "largest difference": "maior diferença",
    "{changed} of {compared}": "{changed} de {compared}",
    "row {position}": "linha {position}",
    "change": "alteração",
}
_JOBS_AND_STORES: Final = {
    "--verify is a number of rows or skip, not {verify}": "--verify é um número de linhas ou skip, não {verify}",
    "job {id} of version {version}": "job {id} da versão {version}",
    "{output}: {objects} objects, {size_bytes} bytes": "{output}: objetos: {objects}, bytes: {size_bytes}",
    "bateia jobs retry {id} runs what failed again": "bateia jobs retry {id} executa de novo o que falhou",
    "planning": "planejando",
    "{done} partitions, {megabytes} MB": "{done} partições, {megabytes} MB",
    "the job goes on: bateia jobs wait {id}": "o job continua: bateia jobs wait {id}",
    "partition {number}: {value}": "partição {number}: {value}",
    "Delete the messages and differences of job {job_id}?": "Apagar as mensagens e diferenças do job {job_id}?",
    "deleted the data of {work}": "dados de {work} apagados",
    "--restart is for files: standard input is always sent from its beginning": (
        "--restart é para arquivos: a entrada padrão é sempre enviada desde o início"
    ),
    "standard input has no file name: name the object, as in {url}rows.ndjson": (
        "a entrada padrão não tem nome de arquivo: dê um nome ao objeto, como em {url}rows.ndjson"
    ),
    "{file} changed while it was sent, and {to} has parts of both: send it again": (
        "{file} mudou durante o envio, e {to} tem partes das duas versões: envie-o de novo"
    ),
    "{to} is not what was sent: write it again": "{to} difere do que foi enviado: escreva-o de novo",
    "{at} was replaced while it was read: read it again": "{at} foi substituído durante a leitura: leia-o de novo",
    "reading {at}": "lendo {at}",
    "deleted {one}": "{one} apagado",
    "{url}: {size_bytes} bytes": "{url}: {size_bytes} bytes",
    "standard input paused for too long: write it to a file first, and put that": (
        "a entrada padrão parou por tempo demais: grave-a antes em um arquivo e envie o arquivo"
    ),
    "standard input cannot be read again: repeat the command with what writes to it": (
        "a entrada padrão não pode ser lida de novo: repita o comando com o programa que escreve nela"
    ),
    "the same command goes on where this one ended": "o mesmo comando continua de onde este parou",
    "the earlier upload is gone already": "o envio anterior não existe mais",
    "{text!r} is not a URL of a store, such as files://in/rows.ndjson": (
        "{text!r} não é uma URL de um armazenamento, como files://in/rows.ndjson"
    ),
    "{value!r} is not the URL of an object, such as files://in/rows.ndjson": (
        "{value!r} não é a URL de um objeto, como files://in/rows.ndjson"
    ),
}
_SCRIPTS: Final = {
    "replay {id}": "replay {id}",
    (
        "{equal} equal, {changed} changed, {now_failing} now failing, {now_succeeding} now succeeding, "
        "{skipped} skipped, {incomplete} incomplete"
    ): (
        "iguais: {equal}, alteradas: {changed}, agora com falha: {now_failing}, agora com sucesso: {now_succeeding}, "
        "puladas: {skipped}, incompletas: {incomplete}"
    ),
    "{total} executions: {counts}": "{total} execuções: {counts}",
    "replaying": "reexecutando",
    "the replay goes on: its id is {id}": "o replay continua: seu id é {id}",
    "{alias} of {script} is version {version}": "{alias} de {script} é a versão {version}",
    "{folder} is not a folder: name the folder with the scripts": (
        "{folder} não é uma pasta: indique a pasta com os scripts"
    ),
    "{folder} has no {value}.js": "{folder} não tem {value}.js",
    "{folder} has no scripts: a script is a file such as cards.js with `function process(data)`": (
        "{folder} não tem scripts: um script é um arquivo como cards.js com `function process(data)`"
    ),
    "{path} cannot be the name of a script: use lower-case letters, digits and hyphens": (
        "{path} não pode ser o nome de um script: use letras minúsculas, dígitos e hifens"
    ),
    "{path} cannot be the name of a test: use lower-case letters, digits and hyphens": (
        "{path} não pode ser o nome de um teste: use letras minúsculas, dígitos e hifens"
    ),
    "{path} is not UTF-8: convert it": "{path} não está em UTF-8: converta-o",
    "{path} is not TOML: {error}": "{path} não é TOML: {error}",
    "{path} is not JSON: {error}": "{path} não é JSON: {error}",
    "{path} has the unknown table {value!r}: use [defaults] and [scripts.NAME]": (
        "{path} tem a tabela desconhecida {value!r}: use [defaults] e [scripts.NAME]"
    ),
    "{place} must be a table": "{place} deve ser uma tabela",
    "{path} must have the members dataset and expected, and no others than clock and seed": (
        "{path} deve ter os membros dataset e expected, e nenhum outro além de clock e seed"
    ),
    "{path}: expected must have either result or error": "{path}: expected deve ter result ou error, e não os dois",
    "{place}: {name} is unknown, or has a value of a wrong type; known are {value}": (
        "{place}: {name} é desconhecido, ou tem um valor do tipo errado; os conhecidos são {value}"
    ),
    "{place}: {name}.{value} is unknown; known are {value2}": (
        "{place}: {name}.{value} é desconhecido; os conhecidos são {value2}"
    ),
    "{value} differs, and nothing was written: --force replaces it": (
        "{value} difere, e nada foi escrito: --force o substitui"
    ),
    "the service has no script {name}": "o serviço não tem o script {name}",
    "pushed {name}: version {number}": "{name} salvo: versão {number}",
    "testing {place}": "testando {place}",
    "{folder} has no tests: a test is a file such as cards.tests/no-rows.json": (
        "{folder} não tem testes: um teste é um arquivo como cards.tests/no-rows.json"
    ),
    "promoted {name}: {alias} is version {latest_version}": "{name} promovido: {alias} é a versão {latest_version}",
    "nothing was changed: tests failed": "nada foi alterado: há testes que falharam",
    "nothing to change": "nada a alterar",
    "  test {name} is only on the service; --prune removes it": ("  teste {name} está só no serviço; --prune o remove"),
    "Tests failed": "Testes falharam",
    "version {version} has not passed: {tests}": "a versão {version} não passou: {tests}",
    "{passed} passed, {failed} failed": "passaram: {passed}, falharam: {failed}",
    "passed": "passou",
    "FAILED": "FALHOU",
    "has not run": "não foi executado",
    "passes": "passa",
    "does not pass": "não passa",
    "it succeeded, and a failure is expected": "teve sucesso, mas era esperada uma falha",
    "another failure: {kind}: {message}": "outra falha: {kind}: {message}",
    "it failed: {kind}: {message}": "falhou: {kind}: {message}",
    "another result": "outro resultado",
    "{place}: expected {expected}, got {actual}": "{place}: esperado {expected}, obtido {actual}",
    "nothing": "nada",
    "Remove the alias {alias} of {script}?": "Remover o alias {alias} de {script}?",
    "Remove the gate of {script}?": "Remover o gate de {script}?",
    "Remove the test {test} of {script}?": "Remover o teste {test} de {script}?",
    "archived {script}": "{script} arquivado",
    "{script} runs again": "{script} desarquivado",
    "removed {alias}": "{alias} removido",
    "removed the gate of {script}": "gate de {script} removido",
    "removed {script}/{test}": "{script}/{test} removido",
    "wrote {script}/{test}": "{script}/{test} escrito",
    "version {number} of {script}": "versão {number} de {script}",
}
_RECEIPTS: Final = {
    "verifying": "verificando",
    "holds": "confere",
    "DOES NOT HOLD": "NÃO CONFERE",
    "everything that was checked holds": "tudo o que foi verificado confere",
    "this receipt must not be believed": "este recibo não merece confiança",
    "{path} is compressed: decompress it first": "{path} está comprimido: descomprima-o antes",
    "--keys must name the file with the public keys that you trust": (
        "--keys deve indicar o arquivo com as chaves públicas em que você confia"
    ),
    "{receipt} is no file with a receipt: `bateia jobs verify ID` looks up a job": (
        "{receipt} não é um arquivo com um recibo: `bateia jobs verify ID` busca um job"
    ),
    "the receipt is of an execution: --job, --partitions and --folder are for jobs": (
        "o recibo é de uma execução: --job, --partitions e --folder são para jobs"
    ),
    "the receipt is of a job: --execution, --result and --dataset are for executions": (
        "o recibo é de um job: --execution, --result e --dataset são para execuções"
    ),
    "{file} has no partitions as JSON: save those of `bateia jobs partitions ID --json`": (
        "{file} não tem partições em JSON: salve as de `bateia jobs partitions ID --json`"
    ),
    "{value} objects as the manifest lists them": "{value} objetos, conforme o manifesto",
    "is of another type than a receipt of a job": "não é do tipo de um recibo de job",
    "is of another type than a receipt of an execution": "não é do tipo de um recibo de execução",
    "{name} is in the manifest, but is not there": "{name} está no manifesto, mas não existe",
    "{name} has the SHA-256 {sha256}, not {listed_sha256}": "{name} tem o SHA-256 {sha256}, não {listed_sha256}",
    "by the key {value}": "pela chave {value}",
    "by none of the trusted keys": "por nenhuma das chaves confiáveis",
    "version {version} of {script} {outcome}": "versão {version} de {script}: {outcome}",
    "the {name} is too long to be one": "{name}: tamanho acima do possível",
    "the {name} is no JSON object": "{name}: não é um objeto JSON",
    "the {name} is not JSON, or has a member twice": "{name}: não é JSON, ou tem um membro repetido",
    "the receipt has no list of signatures, or the document of keys no list of keys": (
        "o recibo não tem uma lista de assinaturas, ou o documento de chaves não tem uma lista de chaves"
    ),
    "the receipt or a key has base64 that is not canonical": "o recibo ou uma chave tem base64 não canônico",
    "the receipt or a key has invalid base64": "o recibo ou uma chave tem base64 inválido",
    "was retired before the run finished": "foi desativada antes do fim da execução",
    "not {payload_type}": "não é {payload_type}",
    "has not the members of such a receipt": "não tem os membros de um recibo desse tipo",
    "{stated}, not {expected}": "{stated}, não {expected}",
}
WORDS: Final = {
    "added": "acrescentada",
    "after": "depois",
    "before": "antes",
    "changed": "alterada",
    "column": "coluna",
    "dataset": "dataset",
    "description": "descrição",
    "difference": "diferença",
    "execution": "execução",
    "gate": "gate",
    "inconclusive": "inconclusiva",
    "installation": "instalação",
    "job": "job",
    "key": "chave",
    "manifest": "manifesto",
    "outcome": "resultado",
    "output": "saída",
    "partitions": "partições",
    "place": "posição",
    "removed": "removida",
    "retention": "retenção",
    "script": "script",
    "signature": "assinatura",
    "source": "código",
    "statement": "declaração",
    "test": "teste",
    "type": "tipo",
    "version": "versão",
}
"""Names of the API's values and of parts of receipts, for people. They are looked up by what the API says."""
PORTUGUESE: Final[Mapping[str, str]] = {**WORDS, **_SERVICE, **_RUNS, **_JOBS_AND_STORES, **_SCRIPTS, **_RECEIPTS}
