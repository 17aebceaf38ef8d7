// @ts-check
// The texts of versions in Portuguese.

export const versions = /** @type {const} */ ({
  "version.actions": "Ações",
  "version.failed.one": "{n} falha",
  "version.failed.other": "{n} falhas",
  "version.latest": "atual",
  "version.no-tests": "nenhum",
  "version.tests": "{passed} de {total} passaram",
  "version.unused": "sem uso",
  "version.usage": "Usada por",
  "version.used.one": "{n} execução",
  "version.used.other": "{n} execuções",
});
