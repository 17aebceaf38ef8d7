// @ts-check
// Links of a replayed execution.

import { h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { href } from "../router.js";
import { say } from "../words.js";

/**
 * Links to an original and, if there is one, to its replay and to their comparison.
 * @param {string} original
 * @param {string | null} replay
 */
export const links = (original, replay) =>
  h(
    "span",
    { class: "row links" },
    h(
      "a",
      { href: href(["executions", original]), title: original },
      say("replay.original", { id: shortId(original) }),
    ),
    replay && [
      h("a", { href: href(["executions", replay]), title: replay }, say("replay.execution", { id: shortId(replay) })),
      h("a", { href: href(["compare"], { left: original, right: replay }) }, say("executions.compare")),
    ],
  );
