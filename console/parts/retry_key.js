// @ts-check
// The idempotency key of a form's request: one without a response is sent again under the same key, so that it makes nothing
// twice. After a refusal, the corrected request is a new one.

import { Refused } from "../api.js";
import { newIdempotencyKey } from "../idempotency_key.js";

/**
 * The keys of requests without a response, by their errors: the page shows these in another language too.
 * @type {WeakMap<Refused, string>}
 */
const kept = new WeakMap();

/**
 * The key of a form that may display the error of an earlier request. `use(request)` calls a request with the key, and
 * `changed(error)` ends its use, when the form has changed, which may display an error.
 * @param {unknown} error
 */
export function retryKey(error) {
  /** @type {string | undefined} */
  let key = error instanceof Refused ? kept.get(error) : undefined;
  return { use, changed };

  /**
   * @template T
   * @param {(key: string) => Promise<T>} request
   */
  async function use(request) {
    key ??= newIdempotencyKey();
    try {
      return await request(key);
    } catch (refused) {
      if (refused instanceof Refused && refused.problem.status) key = undefined;
      else if (refused instanceof Refused) kept.set(refused, key);
      throw refused;
    }
  }

  /** @param {unknown} displayed */
  function changed(displayed) {
    key = undefined;
    if (displayed instanceof Refused) kept.delete(displayed);
  }
}
