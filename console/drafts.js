// @ts-check
// Drafts: what was entered in a form that was not sent yet. They are kept in the memory of the page, and their texts also
// in a storage, which survives a reload. This module needs no page: the storage is passed in.

/** @import { Draft, Entered } from "./types.js" */

/** The format of stored drafts; drafts of other formats are ignored. */
const VERSION = 1;

/** The characters of all stored drafts, well below the quota, so that the API key fits beside them. */
const MAX_CHARACTERS = 2_000_000;

/**
 * Tell whether two forms hold the same; a missing value equals an empty one.
 * @param {Entered} left
 * @param {Entered} right
 */
export const isSame = (left, right) =>
  [...Object.keys(left), ...Object.keys(right)].every((name) => (left[name] || "") === (right[name] || ""));

/**
 * Drafts by their keys. The name of a stored item is the key between `prefix` and `suffix`; together the items have at most
 * `limit` characters.
 * @param {Storage} storage
 * @param {{ prefix: string, suffix: string }} names
 * @param {number} [limit]
 */
export function draftsIn(storage, { prefix, suffix }, limit = MAX_CHARACTERS) {
  /** @type {Map<string, Draft>} */
  const kept = new Map();
  /** @type {Set<string>} */
  const unstored = new Set();
  /** @param {string} key */
  const nameOf = (key) => `${prefix}${key}${suffix}`;
  const storedNames = () => Object.keys(storage).filter((name) => name.startsWith(prefix) && name.endsWith(suffix));
  return { read, write, remove, clear, isAnyUnstored: () => unstored.size > 0 };

  /**
   * @param {string} key
   * @returns {Draft | undefined}
   */
  function read(key) {
    return kept.get(key) ?? parsed(storage.getItem(nameOf(key)));
  }

  /**
   * Keep a draft. Returns whether its texts are stored; one that does not fit leaves no older one behind, which could be
   * taken for it.
   * @param {string} key
   * @param {Draft} draft
   */
  function write(key, draft) {
    kept.set(key, draft);
    const isStored = store(key, draft);
    if (isStored && isText(draft)) unstored.delete(key);
    else unstored.add(key);
    return isStored;
  }

  /** @param {string} key */
  function remove(key) {
    kept.delete(key);
    unstored.delete(key);
    storage.removeItem(nameOf(key));
  }

  /** Remove all drafts. */
  function clear() {
    kept.clear();
    unstored.clear();
    for (const name of storedNames()) storage.removeItem(name);
  }

  /**
   * @param {string} key
   * @param {Draft} draft
   */
  function store(key, draft) {
    storage.removeItem(nameOf(key));
    const text = serialized(draft, limit);
    const others = storedNames().reduce((sum, name) => sum + (storage.getItem(name)?.length ?? 0), 0);
    if (text === undefined || text.length + others > limit) return false;
    try {
      storage.setItem(nameOf(key), text);
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === "QuotaExceededError") return false;
      throw error;
    }
  }
}

/** @param {Draft} draft */
const isText = ({ entered }) => Object.values(entered).every((value) => typeof value === "string" || !value);

/**
 * The stored form of a draft, without files; undefined if it is certainly too long.
 * @param {Draft} draft
 * @param {number} limit
 */
function serialized({ at, entered, origin }, limit) {
  const texts = Object.entries(entered).filter(([, value]) => typeof value === "string");
  if (texts.reduce((sum, [, text]) => sum + String(text).length, 0) > limit) return undefined;
  return JSON.stringify({ version: VERSION, at, entered: Object.fromEntries(texts), origin });
}

/**
 * The draft in a stored text; undefined if there is none, or one of another format.
 * @param {string | null} text
 * @returns {Draft | undefined}
 */
function parsed(text) {
  try {
    const { version, at, entered, origin } = JSON.parse(text ?? "{}");
    return version === VERSION && isMoment(at) && isTexts(entered) && isTexts(origin)
      ? { at, entered, origin }
      : undefined;
  } catch {
    return undefined; // not written by this module
  }
}

/** @param {unknown} at */
const isMoment = (at) => typeof at === "number" && !Number.isNaN(new Date(at).getTime());

/** @param {unknown} value */
const isTexts = (value) =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((text) => typeof text === "string");
