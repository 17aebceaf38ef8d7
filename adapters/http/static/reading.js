// @ts-check
// Pages for reading work without this: it adds buttons that copy code, and the address of the page to the examples.

/** @type {Record<string, [copy: string, copied: string]>} */
const WORDS = { en: ["Copy", "Copied"], pt: ["Copiar", "Copiado"] };
const COPIED_MS = 2000;

const root = document.querySelector("header .brand");
const [copy, copied] = WORDS[document.documentElement.lang] ?? WORDS.en;

// A proxy may publish the service under a host and a path prefix that it does not know of.
const address = root instanceof HTMLAnchorElement ? root.href.replace(/\/$/, "") : location.origin;
for (const origin of document.querySelectorAll("pre .origin")) origin.textContent = address;

for (const block of document.querySelectorAll("pre")) {
  const frame = document.createElement("div");
  frame.className = "code";
  block.replaceWith(frame);
  frame.append(block);
  if (navigator.clipboard) frame.append(copyButton(block)); // absent on a page without TLS, but for this machine's own
}

/** @param {HTMLElement} block */
function copyButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.textContent ?? "");
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), COPIED_MS);
  });
  return button;
}
