// @ts-check
// The parts of the status of the service below its problems.

/** @import { Content, Status } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count, duration, fromNow, size } from "../formats.js";
import { amount, scrolling, secondary } from "../parts/paged_table.js";
import { dateTime, relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

/**
 * The facts in one line each.
 * @param {Status} status
 */
export function facts(status) {
  const { at, queue, storage, last_backup: backup } = status;
  const slots = sum(status.workers.map((one) => (one.alive ? (one.slots ?? 0) : 0)));
  /** @type {[string, Content][]} */
  const lines = [
    [say("service.running"), say("service.of-slots", { running: count(queue.running), slots: count(slots) })],
    [say("service.waiting"), waitingText(queue)],
    [say("service.jobs"), count(status.jobs_unfinished)],
    [say("service.database"), `${size(storage.database_bytes)} · PostgreSQL ${status.postgres_version}`],
    ...status.disks.map((disk) => /** @type {[string, Content]} */ ([called("disk", disk.folder), diskText(disk)])),
    [
      say("service.backup"),
      backup ? [moment(backup.taken_at, at), ` · ${size(backup.bytes)}`] : say("service.backup.none"),
    ],
    [say("service.version"), say("service.level", { version: status.version, level: status.schema_level })],
    [say("service.started"), moment(status.started_at, at)],
  ];
  return h(
    "dl",
    {},
    lines.map(([words, content]) => [h("dt", {}, words), h("dd", {}, content)]),
  );
}

/** @param {Status["queue"]} queue */
function waitingText({ waiting, replays_waiting: replays, oldest_wait_seconds: seconds }) {
  const parts = [count(waiting)];
  if (waiting > 0) parts.push(say("service.oldest", { time: duration(seconds * 1000) }));
  if (replays > 0) parts.push(counted("service.replays", replays));
  return parts.join(" · ");
}

/** @param {Status["disks"][number]} disk */
const diskText = ({ free_bytes: free, total_bytes: total }) =>
  say("service.free", { free: size(free), total: size(total) });

/** @param {Status["workers"]} workers */
export const workerTable = (workers) =>
  table(
    say("service.workers"),
    [say("service.worker"), say("service.state"), say("service.busy"), secondary(say("service.seen"))],
    workers.map(({ name, alive, slots, busy, last_seen: seen }) => [
      h("code", {}, name),
      h("span", { class: alive ? "" : "bad" }, say(alive ? "service.alive" : "service.lost")),
      slots === null ? count(busy) : say("service.of", { busy: count(busy), slots: count(slots) }),
      secondary(relativeTime(seen)),
    ]),
    say("service.workers.none"),
  );

/** @param {Status["storage"]} storage */
export const scriptTable = ({ scripts, exact }) =>
  h(
    "div",
    {},
    !exact && h("p", { class: "quiet" }, say("service.estimated")),
    table(
      say("service.storage"),
      [say("script.name"), amount(say("service.bytes")), amount(say("service.executions"))],
      scripts.map(({ id, name, bytes, executions }) => [
        h("a", { href: href(["scripts", id]) }, name),
        amount(size(bytes)),
        amount(count(executions)),
      ]),
      say("service.storage.none"),
    ),
  );

/** @param {Status["expiring_keys"]} keys */
export const keyTable = (keys) =>
  table(
    say("service.expiring"),
    [say("service.key"), say("service.expires")],
    keys.map(({ name, expires_at: end }) => [h("bdi", {}, name), relativeTime(end)]),
    say("service.expiring.none"),
  );

/**
 * @param {string} caption
 * @param {Content[]} heads
 * @param {Content[][]} rows
 * @param {string} empty
 */
function table(caption, heads, rows, empty) {
  if (rows.length === 0) return h("p", { class: "quiet" }, empty);
  const shown = h(
    "table",
    {},
    h("caption", { class: "visually-hidden" }, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((words) => h("th", { scope: "col" }, words)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((cells) =>
        h(
          "tr",
          {},
          cells.map((cell) => h("td", {}, cell)),
        ),
      ),
    ),
  );
  return scrolling(shown, caption);
}

/**
 * @param {string} text
 * @param {string} at
 */
const moment = (text, at) => [
  fromNow(text, Date.parse(at)),
  " ",
  h("span", { class: "quiet" }, "(", dateTime(text), ")"),
];

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
