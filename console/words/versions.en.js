// @ts-check
// The texts of versions in English.

export const versions = /** @type {const} */ ({
  "version.actions": "Actions",
  "version.failed.one": "{n} failed",
  "version.failed.other": "{n} failed",
  "version.latest": "latest",
  "version.no-tests": "none",
  "version.tests": "{passed} of {total} passed",
  "version.unused": "not used",
  "version.usage": "Used by",
  "version.used.one": "{n} execution",
  "version.used.other": "{n} executions",
});
