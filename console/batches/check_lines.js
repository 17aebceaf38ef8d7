// @ts-check
// What the console refuses before it sends a batch. The service checks all of it too.

/** @import { ServiceLimits } from "../types.js" */
/** @import { SurveyedLines } from "./types.js" */

import { unusable } from "../api.js";
import { counted } from "../counts.js";
import { count } from "../formats.js";
import { refuseLarger } from "../service_limits.js";
import { say } from "../words.js";
import { faultText } from "./preview.js";

/**
 * Throw `Refused` if lines cannot be sent: some are faulty, there is none, or they are too many or too large.
 * @param {SurveyedLines} lines
 * @param {Pick<ServiceLimits, "batch_lines" | "dataset_bytes"> | null} limits
 */
export function checkLines({ faults, count: number, body }, limits) {
  if (faults.length > 0)
    throw unusable(
      () => say("batch.invalid"),
      () => faultText(faults[0]),
    );
  if (number === 0) throw unusable(() => say("batch.empty"));
  if (limits && number > limits.batch_lines)
    throw unusable(() =>
      say("batch.too-many", { lines: counted("batch.lines", number), most: count(limits.batch_lines) }),
    );
  refuseLarger({ name: say("batch"), size: body.size }, limits?.dataset_bytes);
}
