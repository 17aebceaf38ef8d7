// @ts-check
// A form that creates a version of a script, starting from its latest source and engine.

/** @import { NewSource } from "../parts/source_form.js" */
/** @import { Script, Version, ViewContext } from "../types.js" */

import { get, getText, pathOf, send } from "../api.js";
import { sourceForm } from "../parts/source_form.js";
import { go } from "../router.js";
import { say } from "../words.js";

/** @param {ViewContext<"script">} context */
export async function view({ script, signal }) {
  /** @type {Script} */
  const { name, latest_version: latest } = await get(pathOf(["scripts", script]), { signal });
  const version = ["scripts", script, "versions", latest];
  /** @type {[Version, string]} */
  const [{ engine }, text] = await Promise.all([
    get(pathOf(version), { signal }),
    getText(pathOf([...version, "source"]), { signal }),
  ]);
  /** @param {NewSource} source */
  const host = async (source) => {
    await send("POST", pathOf(["scripts", script, "versions"]), source);
    go(["scripts", name]);
  };
  const { element } = sourceForm({ text, fields: [], engine, host });
  return { title: say("versions.new", { name }), body: element };
}
