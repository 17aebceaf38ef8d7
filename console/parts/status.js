// The status of an execution, as a badge.

import { h } from "../dom.js";
import { called } from "../words.js";

export const status = (state) => h("span", { class: `badge ${state}` }, called("status", state));

export const hasEnded = ({ status: state }) => state === "succeeded" || state === "failed";

/** The states that an execution can be in. */
export const STATES = ["pending", "running", "succeeded", "failed"];
