// @ts-check
// Short names of webhooks.

/**
 * The host of a URL, with its port, for titles; the URL itself if it is none that this browser knows.
 * @param {string} url
 */
export function hostOf(url) {
  return URL.canParse(url) ? new URL(url).host : url;
}
