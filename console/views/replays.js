// @ts-check
// A form that replays past executions on a version, and the replays of that version.

/** @import { Script, View, ViewContext } from "../types.js" */

import { get, pathOf } from "../api.js";
import { h } from "../dom.js";
import { replayForm } from "../replays/form.js";
import { replayList } from "../replays/list.js";
import { go, href } from "../router.js";
import { say } from "../words.js";

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script: name, query, signal }) {
  /** @type {Script} */
  const script = await get(pathOf(["scripts", name]), { signal });
  const number = Number(query.version ?? script.latest_version);
  const chosen = (query.executions ?? "").split(",").filter(Boolean);
  /** @param {string} version */
  const onVersion = (version) => go(["scripts", script.name, "replays"], { ...query, version });
  return {
    title: say("replays.title", { name: script.name, number }),
    body: [
      h(
        "p",
        {},
        h(
          "a",
          { href: href(["scripts", script.name], { version: number }) },
          say("execution.of", { name: script.name, version: number }),
        ),
      ),
      h("p", { class: "quiet" }, say("replays.about")),
      replayForm({ script, version: number, chosen, last: query.last, onVersion }),
      h("h2", {}, say("replays")),
      await replayList(script.name, number, signal),
    ],
  };
}
