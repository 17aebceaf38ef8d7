// @ts-check
// A form that creates a version of a script, starting from the source and the engine of the latest or of another version.

/** @import { NewSource } from "../parts/source_form.js" */
/** @import { Origin, Script, Version, View, ViewContext } from "../types.js" */

import { get, getText, pathOf, send } from "../api.js";
import { h } from "../dom.js";
import { notifyNext } from "../parts/notices.js";
import { sourceForm } from "../parts/source_form.js";
import { go, remember } from "../router.js";
import { say } from "../words.js";

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script, query, signal }) {
  /** @type {Script} */
  const { name, latest_version: latest } = await get(pathOf(["scripts", script]), { signal });
  const from = query.version ?? String(latest);
  const version = ["scripts", name, "versions", from];
  /** @type {[Version, string]} */
  const [{ engine, number }, text] = await Promise.all([
    get(pathOf(version), { signal }),
    getText(pathOf([...version, "source"]), { signal }),
  ]);
  /**
   * @param {NewSource} source
   * @param {() => void} settle
   */
  const host = async (source, settle) => {
    /** @type {Version} */
    const { number } = await send("POST", pathOf(["scripts", name, "versions"]), source);
    settle();
    notifyNext(() => say(number > latest ? "version.created" : "version.unchanged", { name, number }));
    if (!signal.aborted) go(["scripts", name]);
  };
  const draft = { key: `new/${name}`, origin: { from, latest: String(latest) }, describe: describeIn(latest), signal };
  const compared = { script: name, version: number };
  const { element, notice, origin, loadSample } = sourceForm({ text, draft, fields: [], engine, host, compared });
  if (query.input_of) {
    remember({ input_of: undefined }); // or a reload would replace what was entered since
    loadSample(query.input_of);
  }
  const isLatest = Number(origin.from) === latest;
  const about = say(isLatest ? "versions.from-latest" : "versions.from", { number: origin.from, latest });
  return { title: say("versions.new", { name }), body: [h("p", { class: "quiet" }, about), element], notice };
}

/**
 * The message about a restored draft. It says if the script has got a newer version since the draft was begun.
 * @param {number} latest
 */
const describeIn =
  (latest) =>
  (/** @type {string} */ time, /** @type {Origin} */ { from, latest: before }) =>
    [
      say("draft.restored-from", { time, number: from }),
      latest > Number(before) && say("draft.outdated", { number: latest }),
    ]
      .filter(Boolean)
      .join(" · ");
