// @ts-check
// A new API key, whose text is shown once. It is in the memory of the page alone, until its dialog is closed.

/** @import { CreatedApiKey } from "../types.js" */

import { setApiKey } from "../api_key.js";
import { h } from "../dom.js";
import { copyableText } from "../parts/copy.js";
import { notifyNext } from "../parts/notices.js";
import { reload } from "../router.js";
import { say } from "../words.js";

/**
 * The text of the key, and what follows from it. The first key of a service is used by this tab at once if the reader
 * wants it, since every request needs one then.
 * @param {CreatedApiKey} key
 * @param {() => void} close
 */
export function createdKey({ name, token, ends_anonymous_access: isFirst }, close) {
  const done = () => {
    notifyNext(() => say("keys.created", { name }));
    close();
    reload();
  };
  const signIn = () => {
    setApiKey(token);
    done();
  };
  return h(
    "div",
    { class: "secret" },
    h("p", {}, h("strong", { tabindex: "-1" }, say("keys.once"))),
    copyableText(token),
    isFirst && h("p", { class: "note" }, say("keys.first-created")),
    h(
      "div",
      { class: "row" },
      isFirst && h("button", { type: "button", class: "primary", click: signIn }, say("keys.sign-in")),
      h("button", { type: "button", click: done }, say("keys.stored")),
    ),
  );
}
