// @ts-check
// The version of submissions that name none.

/** @import { Script } from "../types.js" */

import { say } from "../words.js";

export const LIVE = "live";

/**
 * The version to which the alias `live` leads, or the latest one without that alias.
 * @param {Pick<Script, "aliases" | "latest_version">} script
 */
export const defaultVersion = ({ aliases, latest_version: latest }) => aliases[LIVE] ?? latest;

/**
 * That version in words.
 * @param {Pick<Script, "aliases" | "latest_version">} script
 */
export const defaultVersionText = (script) =>
  say(LIVE in script.aliases ? "version.live-is" : "version.latest-is", { number: defaultVersion(script) });
