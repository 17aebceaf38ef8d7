// Follows an execution until it has ended.

import { get, Refused } from "./api.js";
import { hasEnded } from "./parts/status.js";

const PATIENCE_MS = 2_000;

/**
 * The states of an execution as they are seen, `{ seen }`, the last of them ended. While the service is away or does not
 * work it is asked again, and `{ lost }` says why. Rejects with any other refusal, and when the signal aborts.
 */
export async function* followed(path, signal) {
  for (let asked = 0; ; asked += 1) {
    try {
      const seen = await get(path, { headers: { Prefer: `wait=${asked < 10 ? 1 : 10}` }, signal });
      yield { seen };
      if (hasEnded(seen)) return;
    } catch (error) {
      if (!(error instanceof Refused) || (error.problem.status > 0 && error.problem.status < 500)) throw error;
      yield { lost: error };
      await pause(PATIENCE_MS, signal);
    }
  }
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
