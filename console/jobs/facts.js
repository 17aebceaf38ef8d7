// @ts-check
// The facts of a job: what it reads and writes, when, and how it was verified.

/** @import { Content, Job } from "../types.js" */

import { counted } from "../counts.js";
import { h } from "../dom.js";
import { count, duration, size } from "../formats.js";
import { datedAge, dateTime } from "../parts/time.js";
import { called, say } from "../words.js";
import { hasEnded } from "./status.js";

/** @param {Job} job */
export function factsOf(job) {
  const { started_at: started, finished_at: finished, result } = job;
  const took = started && finished && duration(Date.parse(finished) - Date.parse(started));
  /** @type {[string, Content][]} */
  const facts = [
    [say("job.input"), [h("code", { class: "url" }, job.input.url), inputText(job)]],
    [say("job.output"), [h("code", { class: "url" }, job.output.url), ` · ${job.output.format}`]],
    [say("job.merge"), called("merge", job.merge)],
    [say("job.verification"), called("verification", job.verification)],
    [say("job.rows"), job.rows > 0 && count(job.rows)],
    [say("job.submitted"), [datedAge(job.submitted_at), job.submitted_by && [" · ", h("bdi", {}, job.submitted_by)]]],
    [say("job.attempt"), job.attempt > 1 && count(job.attempt)],
    [say("job.finished"), finished && [dateTime(finished), took && ` · ${say("job.took", { time: took })}`]],
    [say("job.written"), result && counted("job.written.about", result.objects, { size: size(result.size_bytes) })],
    [say("job.clock"), hasEnded(job) && h("code", {}, new Date(job.clock).toISOString())],
    [say("job.seed"), hasEnded(job) && h("code", {}, job.seed)],
    [say("job.root"), result && h("code", { class: "url" }, result.partitions_root)],
  ];
  return h(
    "dl",
    {},
    facts.filter(([, content]) => content).map(([words, content]) => [h("dt", {}, words), h("dd", {}, content)]),
  );
}

/** @param {Job} job */
function inputText({ plan, bytes, partition }) {
  if (!plan) return null;
  const objects = plan.objects_total > 1 ? ` · ${counted("job.objects", plan.objects_total)}` : "";
  return `${objects} · ${size(bytes.total)} · ${say("job.cut", { size: size(partition.bytes) })}`;
}
