// @ts-check
// The problems that a status shows, the most urgent first, each with its remedy, and the page of the console where it is
// applied, or the page of the documentation about it.

/** @import { Status } from "../types.js" */

import { counted } from "../counts.js";
import { duration, fromNow, size } from "../formats.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

const MAX_WAIT_SECONDS = 60;
const MIN_FREE = 0.1;
const DAY_MS = 86_400_000;
const MAX_BACKUP_DAYS = 7;

/**
 * @typedef {object} Problem
 * @property {string} text
 * @property {string} remedy
 * @property {string} [page] The file of the documentation about it.
 * @property {{ words: string, href: string }} [link]
 */

/**
 * @param {Status} status
 * @returns {Problem[]}
 */
export const problemsOf = (status) => [
  ...withoutWorkers(status),
  ...longWait(status),
  ...fullDisks(status),
  ...oldBackup(status),
  ...expiringKeys(status),
];

/** @param {Status} status */
function* withoutWorkers({ workers }) {
  if (workers.some(({ alive }) => alive)) return;
  yield { text: say("service.no-worker"), remedy: say("service.no-worker.remedy"), page: "docs/scaling.md" };
}

/** @param {Status} status */
function* longWait({ queue: { oldest_wait_seconds: seconds } }) {
  if (seconds <= MAX_WAIT_SECONDS) return;
  const time = duration(seconds * 1000);
  const link = { words: say("service.wait.link"), href: href(["executions"], { status: "pending" }) };
  yield { text: say("service.wait", { time }), remedy: say("service.wait.remedy"), link };
}

/** @param {Status} status */
function* fullDisks({ disks }) {
  for (const { folder, free_bytes: free, total_bytes: total } of disks) {
    if (free >= total * MIN_FREE) continue;
    const text = say("service.full", { disk: called("disk", folder), free: size(free), total: size(total) });
    yield { text, remedy: say("service.full.remedy"), page: "docs/deployment.md" };
  }
}

/** @param {Status} status */
function* oldBackup({ at, last_backup: backup }) {
  const [remedy, page] = [say("service.backup.remedy"), "docs/backup.md"];
  if (backup === null) yield { text: say("service.no-backup"), remedy, page };
  else if (Date.parse(at) - Date.parse(backup.taken_at) > MAX_BACKUP_DAYS * DAY_MS)
    yield { text: say("service.old-backup", { time: fromNow(backup.taken_at, Date.parse(at)) }), remedy, page };
}

/** @param {Status} status */
function* expiringKeys({ at, expiring_keys: keys }) {
  const [first] = keys;
  if (!first) return;
  const time = fromNow(first.expires_at, Date.parse(at));
  const text = counted("service.keys", keys.length, { name: first.name, time });
  yield { text, remedy: say("service.keys.remedy"), link: { words: say("keys"), href: href(["keys"]) } };
}
