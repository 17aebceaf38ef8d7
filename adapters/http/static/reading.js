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
  const isWanted = !block.classList.contains("output");
  if (isWanted && navigator.clipboard) frame.append(copyButton(block)); // absent without TLS, but for this machine's own
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

/** The storage of the language of samples; a browser may refuse it. */
const CHOICE = "bateia.sample";

/** @type {{ name: string, show: (isShown: boolean) => void }[]} */
const samples = [];

for (const group of document.querySelectorAll(".samples")) tabsOf(group);
choose(stored() ?? "curl");

/**
 * Show the samples of an operation one at a time, each under a tab.
 * @param {Element} group
 */
function tabsOf(group) {
  const list = document.createElement("div");
  list.setAttribute("role", "tablist");
  /** @type {HTMLElement[]} */
  const panels = [...group.querySelectorAll("section")];
  const tabs = panels.map((panel) => tabOf(panel, list));
  tabs.forEach((tab, at) => {
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      const next = step && tabs[(at + step + tabs.length) % tabs.length];
      if (!next) return;
      next.focus();
      next.click();
    });
  });
  group.prepend(list);
}

/**
 * @param {HTMLElement} panel
 * @param {HTMLElement} list
 */
function tabOf(panel, list) {
  const name = panel.dataset.sample ?? "";
  const id = `sample-${samples.length}`;
  const tab = document.createElement("button");
  tab.type = "button";
  tab.id = `${id}-tab`;
  tab.textContent = name;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", id);
  tab.addEventListener("click", () => choose(name, tab));
  list.append(tab);
  panel.id = id;
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  panel.querySelector("h3")?.remove(); // the tab has its words
  samples.push({
    name,
    show: (isShown) => {
      panel.hidden = !isShown;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
    },
  });
  return tab;
}

/**
 * Show the samples in a language, all over the page, and leave the one that was clicked where it is.
 * @param {string} name
 * @param {HTMLElement} [clicked]
 */
function choose(name, clicked) {
  const top = clicked?.getBoundingClientRect().top ?? 0;
  for (const sample of samples) sample.show(sample.name === name);
  if (!clicked) return;
  scrollBy(0, clicked.getBoundingClientRect().top - top);
  try {
    localStorage.setItem(CHOICE, name);
  } catch {
    // it is for this page alone then
  }
}

function stored() {
  try {
    const name = localStorage.getItem(CHOICE);
    return samples.some((sample) => sample.name === name) ? name : null;
  } catch {
    return null;
  }
}
