// Hosts another version of a script, beginning from its latest source and engine.

import { get, pathOf, send } from "../api.js";
import { sourceForm } from "../parts/source_form.js";
import { go } from "../router.js";
import { say } from "../words.js";

export async function view({ script, signal }) {
  const { name, latest_version: latest } = await get(pathOf(["scripts", script]), { signal });
  const version = ["scripts", script, "versions", latest];
  const [{ engine }, text] = await Promise.all([
    get(pathOf(version), { signal }),
    get(pathOf([...version, "source"]), { signal }),
  ]);
  const host = async (sent) => {
    await send("POST", pathOf(["scripts", script, "versions"]), sent);
    go(["scripts", name]);
  };
  const { element } = sourceForm({ text, fields: [], engine, host });
  return { title: say("versions.new", { name }), body: element };
}
