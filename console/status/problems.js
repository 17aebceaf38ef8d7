// @ts-check
// The problems that a status shows, the most urgent first, each with its remedy, the page of the console where it is applied,
// and the section of the guide about it.

/** @import { Section } from "../guide.js" */
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
 * @property {Section} section The section of the guide about it.
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

/**
 * @param {Status} status
 * @returns {Generator<Problem>}
 */
function* withoutWorkers({ workers }) {
  if (workers.some(({ alive }) => alive)) return;
  yield { text: say("service.no-worker"), remedy: say("service.no-worker.remedy"), section: "workers" };
}

/**
 * @param {Status} status
 * @returns {Generator<Problem>}
 */
function* longWait({ queue: { oldest_wait_seconds: seconds } }) {
  if (seconds <= MAX_WAIT_SECONDS) return;
  const time = duration(seconds * 1000);
  const link = { words: say("service.wait.link"), href: href(["executions"], { status: "pending" }) };
  yield { text: say("service.wait", { time }), remedy: say("service.wait.remedy"), section: "queue", link };
}

/**
 * @param {Status} status
 * @returns {Generator<Problem>}
 */
function* fullDisks({ disks }) {
  for (const { folder, free_bytes: free, total_bytes: total } of disks) {
    if (free >= total * MIN_FREE) continue;
    const text = say("service.full", { disk: called("disk", folder), free: size(free), total: size(total) });
    yield { text, remedy: say("service.full.remedy"), section: "disk" };
  }
}

/**
 * @param {Status} status
 * @returns {Generator<Problem>}
 */
function* oldBackup({ at, last_backup: backup }) {
  const about = /** @type {const} */ ({ remedy: say("service.backup.remedy"), section: "backup" });
  if (backup === null) yield { text: say("service.no-backup"), ...about };
  else if (Date.parse(at) - Date.parse(backup.taken_at) > MAX_BACKUP_DAYS * DAY_MS)
    yield { text: say("service.old-backup", { time: fromNow(backup.taken_at, Date.parse(at)) }), ...about };
}

/**
 * @param {Status} status
 * @returns {Generator<Problem>}
 */
function* expiringKeys({ at, expiring_keys: keys }) {
  const [first] = keys;
  if (!first) return;
  const time = fromNow(first.expires_at, Date.parse(at));
  const text = counted("service.keys", keys.length, { name: first.name, time });
  yield {
    text,
    remedy: say("service.keys.remedy"),
    section: "keys",
    link: { words: say("keys"), href: href(["keys"]) },
  };
}
