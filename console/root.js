// @ts-check
// The root of the service as this page reaches it. A proxy may publish the service under a path prefix that the service
// itself does not know; this file does, from its own address, which is `static/<digest>/console/root.js` below the root.

const ROOT = new URL("../../../", import.meta.url);

/**
 * The address of a path of the service, such as `v1/scripts`.
 * @param {string} path
 */
export const addressOf = (path) => `${ROOT.href}${path}`;

/** The beginning and the end of the names of this installation's stored items. */
export const STORED_PREFIX = "bateia.";
export const STORED_SUFFIX = `@${ROOT.pathname}`;

/**
 * The name of a stored item of this installation: storage is shared by everything at the same origin.
 * @param {string} name
 */
export const storedName = (name) => `${STORED_PREFIX}${name}${STORED_SUFFIX}`;
