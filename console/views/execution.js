// An execution: where it is in its life until it has ended, then all that came of it.

import { call, get, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { followed } from "../following.js";
import { attempts } from "../parts/attempt.js";
import { outcome } from "../parts/outcome.js";
import { progressOf } from "../parts/progress.js";
import { hasEnded, status } from "../parts/status.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

export async function view({ id, signal }) {
  const path = pathOf(["executions", id]);
  const first = await get(path, { signal });
  const { script } = first;
  const state = h("p", { class: "row", role: "status" });
  const life = h("div");
  const said = h("div");
  const came = h("div");
  const { place, attempt } = attempts();
  const tell = (one) => {
    fill(state, status(one.status), one.error && called("error", one.error.kind));
    fill(life, progressOf(one));
    fill(said);
    if (hasEnded(one)) fill(came, outcome(one, signal));
  };
  fill(came, cancelButton(path, tell)); // once, so that it keeps the focus from state to state
  tell(first);
  if (!hasEnded(first)) attempt(() => follow(path, tell, said, signal));
  const what = h(
    "p",
    {},
    h("a", { href: href(["scripts", script.name], { version: script.version }) }, say("execution.of", script)),
    " · ",
    h("a", { href: href(["scripts", script.name, "run"], { version: script.version }) }, say("execution.another")),
    " · ",
    h("a", { href: href(["compare"], { left: id }) }, say("execution.compare")),
  );
  return { title: say("execution.title", { id }), body: [what, state, life, said, place, came] };
}

/** Tell of every state that is seen until the end. A service that is away is told of, and asked again. */
async function follow(path, tell, said, signal) {
  for await (const { seen, lost } of followed(path, signal)) {
    if (seen) tell(seen);
    else fill(said, h("p", { class: "note" }, say("execution.lost", { why: lost.message })));
  }
}

function cancelButton(path, tell) {
  const { place, attempt } = attempts();
  const cancel = async () => tell(await call("POST", `${path}/cancel`));
  const button = h("button", { type: "button", click: () => attempt(cancel) }, say("execution.cancel"));
  return h("div", {}, h("p", {}, button), place);
}
