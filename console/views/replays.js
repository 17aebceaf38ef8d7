// @ts-check
// A form that replays past executions on a version, and the replays of that version.

/** @import { Script, View, ViewContext } from "../types.js" */

import { get, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { replayForm } from "../replays/form.js";
import { replayList } from "../replays/list.js";
import { latest } from "../results/latest.js";
import { href, remember } from "../router.js";
import { say } from "../words.js";

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script: name, query, signal }) {
  /** @type {Script} */
  const script = await get(pathOf(["scripts", name]), { signal });
  const chosen = (query.executions ?? "").split(",").filter(Boolean);
  const [heading, list, back] = [h("h2"), h("div"), h("a")];
  const { errorArea, attempt } = withErrorDisplay();
  /** @param {string} version */
  const show = async (version) => {
    fill(heading, say("replays.of", { number: version }));
    fill(back, say("execution.of", { name: script.name, version }));
    back.href = href(["scripts", script.name], { version });
    fill(list, await replayList(script.name, version, signal));
  };
  const version = query.version ?? String(script.latest_version);
  await show(version);
  const showAnother = latest((/** @type {string} */ another) => attempt(() => show(another)));
  /** @param {string} another */
  const onVersion = (another) => {
    remember({ version: another });
    showAnother(another);
  };
  return {
    title: say("replays.title", { name: script.name }),
    body: [
      h("p", {}, back),
      h("p", { class: "quiet" }, say("replays.about")),
      replayForm({ script, version, chosen, last: query.last, onVersion }),
      heading,
      errorArea,
      list,
    ],
  };
}
