// @ts-check
// The texts of the header, and of lists without rows, in English.

export const frame = /** @type {const} */ ({
  guide: "Guide",
  "time.format": "YYYY-MM-DD HH:MM",
  "time.refused": "Write a date and a time, such as {example}.",
  "time.utc": "Show times in UTC",
  density: "Comfortable rows",
  health: "Checking the service…",
  "health.good": "The service is ready.",
  "key.none-needed": "This service needs no API key yet: everyone who reaches it may do everything.",
  "notice.dismiss": "Dismiss",
  "filter.any-time": "Any time",
  "empty.executions":
    "Each run of a script over a dataset is listed here, with its status, its duration and its error.",
  "empty.batches": "Open a script and choose “Run a batch…” to run it over many datasets at once.",
  "empty.jobs": "Open a script and choose “Run over stored data…” to run it over the files of a store.",
  "empty.audit": "Every change, and every access to a dataset, a result or a log, is recorded here with its API key.",
  "empty.stores": "A store is a folder or a bucket. The operator defines stores, and says which API keys may use them.",
  "empty.scripts": "Open a script",
});
