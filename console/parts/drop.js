// Takes a file: dropped on it, or chosen.

import { h, newId } from "../dom.js";

/**
 * An area around `content` on which a file can be dropped, with a field that chooses one. `take(file)` is given it.
 * `accept` is what the field offers first.
 */
export function drop({ label, accept, take }, ...content) {
  const id = newId("file");
  const choose = h("input", { id, type: "file", accept, change: () => choose.files[0] && take(choose.files[0]) });
  const over = (event) => {
    event.preventDefault();
    area.classList.add("over");
  };
  const leave = () => area.classList.remove("over");
  const dropped = (event) => {
    event.preventDefault();
    leave();
    const [file] = event.dataTransfer.files;
    if (file) take(file);
  };
  const field = h("div", { class: "row" }, h("label", { for: id }, label), choose);
  // Before the editor sees it, which would take the file's text for its own.
  const area = h("div", { class: "drop", dragover: over, dragleave: leave }, content, field);
  area.addEventListener("drop", dropped, { capture: true });
  return area;
}
