"""The texts of the command that verifies receipts, in English and Portuguese, by the codes of parts and reasons.

Placeholders are filled with the facts of a checked part.
"""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class Texts:
    """The texts in one language: the names of parts, the results, the reasons, the outcomes of an execution, and
    the forms of a file."""

    parts: Mapping[str, str]
    results: Mapping[str, str]
    reasons: Mapping[str, str]
    outcomes: Mapping[str, str]
    forms: Mapping[str, str]
    verified: str
    refused: str


ENGLISH: Final = Texts(
    parts={
        "signature": "signature",
        "payload-type": "payload type",
        "statement": "statement",
        "installation": "installation",
        "execution": "execution",
        "result": "result",
        "error": "error",
        "dataset": "dataset",
        "source": "source",
    },
    results={"holds": "holds", "mismatch": "DOES NOT MATCH", "not-checked": "not checked"},
    reasons={
        "signed": "by the key {keyid}",
        "expected-type": "{actual}",
        "well-formed": "script {script}, version {version}, {outcome}, finished on {finished_on}",
        "same-id": "{actual}",
        "same-digest": "SHA-256 {actual}{form}",
        "unknown-key": "no key has the id {keyid}: the keys are those of another installation, or older than this key",
        "wrong-signature": "the key {keyid} made no such signature: receipt or key were changed",
        "finished-after-retirement": "the execution finished on {finished_on}, and the key {keyid} was retired before, "
        "on {retired_at}; request the receipt again, to have it signed by a present key",
        "other-payload-type": "the payload is {actual}, not {expected}: this is no receipt of an execution",
        "not-a-statement": "the payload is not a JSON object",
        "other-statement-type": "the payload is not an in-toto Statement v1 but {detail}",
        "other-predicate-type": "the predicate is not SLSA Provenance v1 but {detail}",
        "other-build-type": "the build type is {detail}, which this program does not know; a later one may",
        "wrong-statement-member": "the member {detail} is missing, unexpected or not what the build type defines",
        "other-installation": "the receipt is of the installation {actual}, not {expected}",
        "other-execution": "the receipt is of the execution {actual}, not {expected}",
        "other-digest": "the SHA-256 of the file is {actual}, that in the receipt {expected}",
        "has-failed": "the execution failed, so it has no result",
        "has-succeeded": "the execution succeeded, so it has no error",
        "not-given": "the receipt has {actual}, and nothing to compare it with was given",
        "not-trusted": "nothing is believed of a receipt that failed an earlier part",
        "empty": "it is empty",
        "truncated": "it is truncated: the end of the JSON text is missing",
        "not-utf-8": "it is not text in UTF-8",
        "not-json": "it is not JSON: {detail}",
        "repeated-member": "its member {detail} occurs twice",
        "lone-surrogate": "it has half of a surrogate pair",
        "long-number": "it has an integer with too many digits",
        "too-deep": "it is nested too deeply",
        "not-an-object": "it is JSON, but not an object",
        "too-long": "it is too long for a receipt",
        "missing-member": "it is not a DSSE envelope: the member {member} is missing",
        "wrong-member": "it is not a DSSE envelope: the member {member} has the wrong type",
        "not-base64": "the member {member} is not canonical base64 with padding",
        "no-signatures": "it has no signature",
        "too-many-signatures": "it has too many signatures for a receipt",
        "keys-too-long": "it is too long for a document of public keys",
        "keys-no-list": "it has no list `keys`: it should be as GET /v1/receipts/keys returns it",
        "keys-too-many": "it has too many keys",
        "keys-not-an-entry": "the key number {place} is not an object",
        "keys-wrong-member": "the member {member} of the key number {place} is missing or wrong",
        "keys-not-a-key": "the `public_key` of the key number {place} is not the PEM of an Ed25519 public key",
        "not-an-error": "it is no error of an execution: the member {member} is missing or wrong",
        "error-too-long": "it is too long for the error of an execution",
    },
    outcomes={"succeeded": "succeeded", "failed": "failed"},
    forms={
        "raw": "",
        "without-byte-order-mark": " (without the byte order mark)",
        "lines": " (of the array of its lines)",
        "decoded": " (decompressed)",
        "decoded-lines": " (of the array of its lines, decompressed)",
        "error": " (of the error's canonical JSON)",
    },
    verified="Verified: everything that was checked holds ({holds} of {all} parts).",
    refused="NOT VERIFIED. Parts that do not match: {mismatches} of {all}.",
)
PORTUGUESE: Final = Texts(
    parts={
        "signature": "assinatura",
        "payload-type": "tipo do payload",
        "statement": "declaração",
        "installation": "instalação",
        "execution": "execução",
        "result": "resultado",
        "error": "erro",
        "dataset": "dataset",
        "source": "código-fonte",
    },
    results={"holds": "confere", "mismatch": "NÃO CONFERE", "not-checked": "sem verificação"},
    reasons={
        "signed": "pela chave {keyid}",
        "expected-type": "{actual}",
        "well-formed": "script {script}, versão {version}, {outcome}, execução terminada em {finished_on}",
        "same-id": "{actual}",
        "same-digest": "SHA-256 {actual}{form}",
        "unknown-key": "nenhuma chave tem o id {keyid}: as chaves são de outra instalação, ou anteriores a esta chave",
        "wrong-signature": "a chave {keyid} não fez esta assinatura: o recibo ou a chave foi alterado",
        "finished-after-retirement": "a execução terminou em {finished_on}, e a chave {keyid} foi aposentada antes, em "
        "{retired_at}; peça o recibo de novo, para que uma chave atual o assine",
        "other-payload-type": "o payload é {actual}, não {expected}: isto não é um recibo de execução",
        "not-a-statement": "o payload não é um objeto JSON",
        "other-statement-type": "o payload não é um in-toto Statement v1, e sim {detail}",
        "other-predicate-type": "o predicado não é SLSA Provenance v1, e sim {detail}",
        "other-build-type": "o tipo de build é {detail}, que este programa não conhece; um mais novo talvez conheça",
        "wrong-statement-member": "o membro {detail} falta, sobra ou não é como o tipo de build define",
        "other-installation": "o recibo é da instalação {actual}, não de {expected}",
        "other-execution": "o recibo é da execução {actual}, não de {expected}",
        "other-digest": "o SHA-256 do arquivo é {actual}, o do recibo {expected}",
        "has-failed": "a execução falhou, portanto não tem resultado",
        "has-succeeded": "a execução teve sucesso, portanto não tem erro",
        "not-given": "o recibo tem {actual}, e nada foi dado para comparar",
        "not-trusted": "não se acredita em nada de um recibo que não passou por uma parte anterior",
        "empty": "está vazio",
        "truncated": "está truncado: falta o fim do texto JSON",
        "not-utf-8": "não é texto em UTF-8",
        "not-json": "não é JSON: {detail}",
        "repeated-member": "o membro {detail} ocorre duas vezes",
        "lone-surrogate": "tem metade de um par substituto (surrogate)",
        "long-number": "tem um inteiro com dígitos demais",
        "too-deep": "tem níveis demais de aninhamento",
        "not-an-object": "é JSON, mas não um objeto",
        "too-long": "é longo demais para um recibo",
        "missing-member": "não é um envelope DSSE: falta o membro {member}",
        "wrong-member": "não é um envelope DSSE: o membro {member} tem outro tipo",
        "not-base64": "o membro {member} não é base64 canônico com preenchimento",
        "no-signatures": "não tem assinatura",
        "too-many-signatures": "tem assinaturas demais para um recibo",
        "keys-too-long": "é longo demais para um documento de chaves públicas",
        "keys-no-list": "não tem a lista `keys`: deve ser como GET /v1/receipts/keys o devolve",
        "keys-too-many": "tem chaves demais",
        "keys-not-an-entry": "a chave número {place} não é um objeto",
        "keys-wrong-member": "o membro {member} da chave número {place} falta ou está errado",
        "keys-not-a-key": "o `public_key` da chave número {place} não é o PEM de uma chave pública Ed25519",
        "not-an-error": "não é o erro de uma execução: o membro {member} falta ou está errado",
        "error-too-long": "é longo demais para o erro de uma execução",
    },
    outcomes={"succeeded": "sucesso", "failed": "falha"},
    forms={
        "raw": "",
        "without-byte-order-mark": " (sem a marca de ordem de bytes)",
        "lines": " (do array das linhas)",
        "decoded": " (descomprimido)",
        "decoded-lines": " (do array das linhas, descomprimido)",
        "error": " (do JSON canônico do erro)",
    },
    verified="Verificado: tudo o que foi verificado confere ({holds} de {all} partes).",
    refused="NÃO VERIFICADO. Partes que não conferem: {mismatches} de {all}.",
)
