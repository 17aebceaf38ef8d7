// @ts-check
// The texts of an execution's page in English.

export const executions = /** @type {const} */ ({
  "execution.details": "Details",
  "execution.of-limit": "{value} of {limit}",
  "execution.elapsed": "Elapsed",
  "execution.by-key": "by API key {key}",
  "execution.actions": "More actions",
  "execution.curl": "Copy as curl",
  "execution.python": "Copy as Python",
  "execution.not-yet": "Shown here when the run has finished.",
  "logs.live": "Lines appear here as the script prints them.",
  "logs.live.truncated": "The first 64 KiB. The rest is shown when the run has finished.",
  "logs.stopped": "The log ends where the run was stopped. Lines of its last two seconds may be missing.",
  "logs.stopped.truncated": "The first 64 KiB. What came after them is not kept, as the run was stopped.",
  "logs.stopped.empty": "The run was stopped before a line of its log had been stored.",
  "logs.new.one": "{n} new line in the log",
  "logs.new.other": "{n} new lines in the log",
  "queue.next": "Next execution of its script",
  "queue.ahead.one": "{n} execution of its script ahead",
  "queue.ahead.other": "{n} executions of its script ahead",
});
