// Work that a view does after it is shown, and what it shows if that fails.

import { fill, h } from "../dom.js";
import { refusal } from "../parts/refusal.js";

/** A place for a failure, and `attempt(work)`, which does work and shows there why it failed. */
export function attempts() {
  const place = h("div", {});
  const attempt = async (work) => {
    try {
      fill(place);
      await work();
    } catch (error) {
      if (error.name !== "AbortError")
        fill(
          place,
          refusal(error, () => attempt(work)),
        );
    }
  };
  return { place, attempt };
}
