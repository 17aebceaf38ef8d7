// @ts-check
// The pages of the console for paths of the API.

import { href } from "../router.js";

const REPLAY = /\/scripts\/([^/]+)\/versions\/([^/]+)\/replays\/([^/?]+)/;
const REPLAYS = /\/scripts\/([^/]+)\/versions\/([^/]+)\/replays$/;
const VERSION = /\/scripts\/([^/]+)\/versions\/([^/]+)/;
const SCRIPT = /\/scripts\/([^/]+)/;

/**
 * The address of the page about a resource of the API; undefined if the console has none.
 * @param {string} path
 */
export function consoleAddress(path) {
  const replay = REPLAY.exec(path);
  if (replay) return href(["scripts", decoded(replay[1]), "replays", decoded(replay[2]), decoded(replay[3])]);
  const replays = REPLAYS.exec(path);
  if (replays) return href(["scripts", decoded(replays[1]), "replays"], { version: decoded(replays[2]) });
  const version = VERSION.exec(path);
  if (version) return href(["scripts", decoded(version[1])], { version: decoded(version[2]) });
  const script = SCRIPT.exec(path);
  return script ? href(["scripts", decoded(script[1])]) : undefined;
}

/** @param {string} part */
const decoded = (part) => decodeURIComponent(part);
