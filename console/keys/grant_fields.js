// @ts-check
// The scopes of a new API key: single ones, or those of a role at once.

/** @import { Caller, Role, Scope } from "../types.js" */

import { h, newId } from "../dom.js";
import { choice } from "../parts/field.js";
import { called, say } from "../words.js";

/** @type {Role[]} */
const ROLES = ["reader", "runner", "author", "admin"];
/** @type {Scope[]} */
const SCOPES = ["read", "executions:write", "scripts:write", "admin"];
/** @type {Record<Role, Scope[]>} */
const SCOPES_OF = {
  reader: ["read"],
  runner: ["read", "executions:write"],
  author: ["read", "executions:write", "scripts:write"],
  admin: ["read", "executions:write", "scripts:write", "admin"],
};
const ABOUT = /** @type {const} */ ({
  read: "keys.scope.read",
  "executions:write": "keys.scope.run",
  "scripts:write": "keys.scope.write",
  admin: "keys.scope.admin",
});
/** The scope that the first key has, since no other could be created without it. */
const MANAGES = "admin";

/**
 * A role as a preset of scopes, and a box for each scope. What the creator's key lacks cannot be granted, and the first key
 * keeps the scope that manages keys.
 * @param {Caller | null} caller
 */
export function grantFields(caller) {
  const isFirst = caller?.anonymous ?? false;
  const held = caller?.scopes ?? SCOPES;
  const roles = ROLES.filter((role) => SCOPES_OF[role].every((scope) => held.includes(scope)));
  const offered = isFirst ? roles.filter((role) => SCOPES_OF[role].includes(MANAGES)) : roles;
  /** @type {[string, string][]} */
  const options = [...offered.map((role) => /** @type {[string, string]} */ ([role, called("role", role)]))];
  const { element: roleField, input: role } = choice(say("keys.role"), [...options, ["", say("keys.single")]], {
    choose: check,
  });
  const boxes = SCOPES.map((scope) => {
    const id = newId("scope");
    /** @type {HTMLInputElement} */
    const input = h("input", { id, type: "checkbox", change: name });
    input.disabled = !held.includes(scope) || (isFirst && scope === MANAGES);
    const label = h("label", { for: id }, h("code", {}, scope), " ", h("span", { class: "quiet" }, say(ABOUT[scope])));
    return { scope, input, element: h("div", { class: "row" }, input, label) };
  });
  check(role.value);
  const legend = h("legend", {}, say("keys.scopes"));
  const element = [
    roleField,
    h(
      "fieldset",
      {},
      legend,
      boxes.map((box) => box.element),
    ),
  ];
  return { element, scopes };

  function scopes() {
    return boxes.filter(({ input }) => input.checked).map(({ scope }) => scope);
  }

  /**
   * Check the scopes of a role; the choice of single scopes leaves those that are checked.
   * @param {string} chosen
   */
  function check(chosen) {
    const granted = ROLES.find((one) => one === chosen);
    if (granted) for (const { scope, input } of boxes) input.checked = SCOPES_OF[granted].includes(scope);
    validate();
  }

  /** Choose the role that has exactly the checked scopes. */
  function name() {
    const checked = scopes();
    const same = offered.find(
      (one) => SCOPES_OF[one].length === checked.length && checked.every((scope) => SCOPES_OF[one].includes(scope)),
    );
    role.value = same ?? "";
    validate();
  }

  /** Refuse a key without a scope where the browser shows it: at the first box. */
  function validate() {
    boxes[0].input.setCustomValidity(scopes().length > 0 ? "" : say("keys.no-scope"));
  }
}
