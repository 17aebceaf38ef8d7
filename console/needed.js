// Modules that are fetched once somebody needs them.

import { Refused } from "./api.js";
import { say } from "./words.js";

/** The module of an `import()`. One that does not come is a refusal: after an upgrade the files have other addresses. */
export async function needed(importing) {
  try {
    return await importing;
  } catch (error) {
    console.warn(error);
    throw new Refused({ title: say("refused.module"), status: 0 });
  }
}
