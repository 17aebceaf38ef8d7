// @ts-check
// A folder of a store, and the uploads into it.

/** @import { Content, Store, View, ViewContext } from "../types.js" */

import { get, pathOf } from "../api.js";
import { h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { scriptNames } from "../parts/script_names.js";
import { href } from "../router.js";
import { folderList } from "../stores/folder.js";
import { runMenu } from "../stores/run_menu.js";
import { uploadsInto } from "../stores/uploads.js";
import { say } from "../words.js";

/**
 * @param {ViewContext<"store">} context
 * @returns {Promise<View>}
 */
export async function view({ store: name, query, signal }) {
  const [store, scripts] = await Promise.all([storeOf(name, signal), scriptNames(signal)]);
  const given = query.prefix ?? "";
  const prefix = given === "" || given.endsWith("/") ? given : `${given}/`;
  const { errorArea, attempt } = withErrorDisplay();
  const folder = folderList(store, prefix, { scripts, signal });
  const isReadable = store.operations.includes("read");
  if (isReadable) await folder.load();
  const onDone = () => isReadable && attempt(folder.load);
  const run = runMenu(`${name}://${prefix}*`, scripts, say("store.run.folder"));
  const body = [
    pathTo(name, prefix),
    store.operations.includes("write") &&
      h("div", { "data-needs": "executions:write" }, uploadsInto(store, prefix, { signal, onDone })),
    errorArea,
    isReadable
      ? [folder.element, h("div", { class: "row" }, run.button), run.place]
      : h("p", { class: "quiet" }, say("store.not-readable")),
  ];
  return { title: `${name}://${prefix}`, body };
}

/**
 * The store of that name. If it is not among those that the key may use, its own list is refused, with the reason.
 * @param {string} name
 * @param {AbortSignal} signal
 * @returns {Promise<Store>}
 */
async function storeOf(name, signal) {
  /** @type {{ items: Store[] }} */
  const { items } = await get(pathOf(["stores"]), { signal });
  const found = items.find((one) => one.name === name);
  if (found) return found;
  await get(pathOf(["stores", name], { limit: 1 }), { signal });
  return { name, operations: ["read"], resumable: false, scripts: [] };
}

/**
 * Links to the store and to each folder on the way.
 * @param {string} store
 * @param {string} prefix
 * @returns {Content}
 */
function pathTo(store, prefix) {
  const folders = prefix.split("/").filter(Boolean);
  const links = folders.map((folder, at) => [
    "/",
    h(
      "a",
      { href: href(["stores", store], { prefix: `${folders.slice(0, at + 1).join("/")}/` }) },
      h("bdi", {}, folder),
    ),
  ]);
  const label = say("store.folder");
  const top = [
    h("a", { href: href(["stores"]) }, say("stores")),
    "/",
    h("a", { href: href(["stores", store]) }, store),
  ];
  return h("nav", { class: "path", "aria-label": label }, top, links);
}
