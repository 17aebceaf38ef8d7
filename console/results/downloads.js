// Takes a result away, as a file.

import { fill, h } from "../dom.js";
import { attempts } from "../parts/attempt.js";
import { save } from "../parts/save.js";
import { say } from "../words.js";

/** Buttons that save a result as JSON, NDJSON or CSV. `shown()` is the part that the table shows, and the CSV has. */
export function downloads({ ask, result, name, shown }) {
  const { place, attempt } = attempts();
  const button = (format) => {
    const element = h("button", { type: "button", click: () => take(format, element) }, say(`result.save.${format}`));
    return element;
  };
  const [json, ndjson, csv] = ["json", "ndjson", "csv"].map(button);
  const about = h("span", { class: "quiet" });
  return { element: h("div", {}, h("div", { class: "row" }, json, ndjson, csv, about), place), mark };

  function take(format, element) {
    return attempt(async () => {
      element.disabled = true;
      try {
        const names = { key: say("table.key"), value: say("table.value") };
        save(await ask("save", { result, format, names, part: shown().part }), fileName(name, shown().part, format));
      } finally {
        element.disabled = false;
      }
    });
  }

  /** Say what the CSV of what is shown now has, or that there can be none. */
  function mark() {
    csv.disabled = !shown().description.canBeCsv;
    fill(about, say(csv.disabled ? "result.save.no-csv" : "result.save.about"));
  }
}

function fileName(name, part, format) {
  const words = [name, ...(format === "csv" ? part : [])].join("-");
  return `${words.replace(/[^\p{L}\p{N}_.-]+/gu, "_")}.${format}`;
}
