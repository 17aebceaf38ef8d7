// Two executions side by side.

import { h } from "../dom.js";
import { say } from "../words.js";

export async function compare({ query: { left, right }, signal }) {
  return { title: say("compare"), body: [h("p", { class: "quiet" }, say("compare.intro"))] };
}
