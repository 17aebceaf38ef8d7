// @ts-check
// A folder of a store: its subfolders and its files.

/** @import { Content, ListedObject, Store } from "../types.js" */

import { pathOf, remove } from "../api.js";
import { fill, h } from "../dom.js";
import { size } from "../formats.js";
import { objectButtons } from "../jobs/objects.js";
import { objectPath } from "../jobs/paths.js";
import { confirmation } from "../parts/confirmation.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { notices, notify } from "../parts/notices.js";
import { amount, pagedTable, secondary } from "../parts/paged_table.js";
import { relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { say } from "../words.js";
import { runMenu } from "./run_menu.js";

const PAGE = 200;

/**
 * The list, and a function that loads it.
 * @param {Store} store
 * @param {string} prefix
 * @param {{ scripts: string[], signal: AbortSignal }} options
 */
export function folderList({ name: store, operations }, prefix, { scripts, signal }) {
  const { errorArea, attempt } = withErrorDisplay();
  const [list, place] = [h("div"), h("div", { "aria-live": "polite" })];
  const { previewButton, downloadButton } = objectButtons({ place, attempt, signal });
  const canWrite = operations.includes("write");
  return { element: h("div", {}, list, errorArea, place), load };

  async function load() {
    /** @type {Set<string>} */
    const seen = new Set();
    const table = await pagedTable({
      pathAt: (cursor) => pathOf(["stores", store], { prefix, limit: PAGE, cursor }),
      heads: [say("store.file"), amount(say("job.size")), secondary(say("store.modified")), ""],
      /** @param {ListedObject} object */
      keep: (object) => {
        const folder = folderIn(object.path, prefix);
        return folder === null || (!seen.has(folder) && seen.add(folder).has(folder));
      },
      cells,
      caption: `${store}://${prefix}`,
      empty: say("store.empty"),
      signal,
    });
    fill(list, table);
  }

  /**
   * @param {ListedObject} object
   * @returns {Content[]}
   */
  function cells(object) {
    const folder = folderIn(object.path, prefix);
    if (folder !== null) {
      const link = h(
        "a",
        { href: href(["stores", store], { prefix: `${prefix}${folder}/` }) },
        h("bdi", {}, folder),
        "/",
      );
      return [link, h("span", { class: "quiet" }, say("store.folder")), secondary(null), null];
    }
    const run = runMenu(object.url, scripts, say("store.run"));
    const deletion = canWrite ? deletionOf(object) : null;
    return [
      h("code", { class: "url" }, object.path.slice(prefix.length)),
      amount(size(object.size_bytes)),
      secondary(relativeTime(object.modified_at)),
      [
        h("div", { class: "row" }, previewButton(object), downloadButton(object), run.button, deletion?.button),
        run.place,
        deletion?.place,
      ],
    ];
  }

  /** @param {ListedObject} object */
  function deletionOf({ url, path }) {
    const name = path.split("/").at(-1) ?? path;
    const deleteObject = async () => {
      await remove(objectPath(url));
      fill(place);
      await load();
      notify(() => say("store.delete.done", { name }));
      notices.focus(); // the button is gone
    };
    const made = confirmation({
      needs: "executions:write",
      words: say("store.delete"),
      label: say("store.delete.of", { name }),
      question: say("store.delete.sure", { name }),
      sure: say("store.delete.yes"),
      act: () => attempt(deleteObject),
    });
    made.button.classList.add("small");
    return made;
  }
}

/**
 * The subfolder that an object is in; null for one of the folder itself.
 * @param {string} path
 * @param {string} prefix
 */
function folderIn(path, prefix) {
  const [first, ...rest] = path.slice(prefix.length).split("/");
  return rest.length > 0 ? first : null;
}
