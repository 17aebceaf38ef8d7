// @ts-check
// The API key in the header: its name, and a menu with its scopes and a form for another key.

/** @import { Caller, Content } from "../types.js" */

import { apiKey } from "../api_key.js";
import { caller } from "../caller.js";
import { fill, h } from "../dom.js";
import { zonedTimestamp } from "../formats.js";
import { say } from "../words.js";
import { keyForm } from "./key_form.js";

/**
 * The button and its menu; `label` shows the present key in the present language.
 * @param {() => unknown} reload Shows the view again after a change of the key.
 */
export function keyMenu(reload) {
  const dialog = h("dialog", { class: "key-menu" });
  const facts = h("div");
  const close = () => {
    dialog.close();
    label();
  };
  const enter = () => {
    close();
    reload();
  };
  const open = () => {
    fill(dialog, facts, keyForm(enter, close));
    dialog.showModal();
  };
  const button = h("button", { type: "button", class: "key", click: open });
  const label = async () => {
    fill(button, say(apiKey() ? "key.given" : "key"));
    button.removeAttribute("aria-label");
    dialog.setAttribute("aria-label", say("key"));
    fill(facts);
    const access = await caller();
    fill(facts, access && factsOf(access));
    if (!access?.key || !apiKey()) return;
    fill(button, h("bdi", {}, access.key.name));
    button.setAttribute("aria-label", say("key.named", access.key));
  };
  return { element: [button, dialog], label };
}

/**
 * What the reader may do: the key with its scopes, or everything where none is needed.
 * @param {Caller} caller
 * @returns {Content}
 */
function factsOf({ key, anonymous, scopes }) {
  if (!key) return anonymous && h("p", { class: "quiet" }, say("key.none-needed"));
  /** @type {[string, Content][]} */
  const facts = [
    [say("keys.name"), h("bdi", { class: "text" }, key.name)],
    [say("keys.access"), [key.role && `${key.role} · `, h("code", {}, scopes.join(", "))]],
    [say("keys.expiry"), key.expires_at ? zonedTimestamp(key.expires_at) : say("keys.never")],
  ];
  return h(
    "dl",
    {},
    facts.map(([words, content]) => [h("dt", {}, words), h("dd", {}, content)]),
  );
}
