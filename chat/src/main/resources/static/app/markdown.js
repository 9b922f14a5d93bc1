// @ts-check
// Markdown to safe DOM, block by block, so that a streaming answer touches only the block that grows.
// @ts-ignore served by the server
import { Marked } from "/webjars/marked/lib/marked.esm.js";
// @ts-ignore served by the server
import DOMPurify from "/webjars/dompurify/dist/purify.es.mjs";
import { el } from "./dom.js";

const escape = (/** @type {string} */ text) =>
  text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const marked = new Marked({
  gfm: true,
  renderer: {
    // Below the answer's own heading, so that the page's outline stays true.
    heading(/** @type {any} */ { tokens, depth }) {
      const level = Math.max(3, depth);
      return `<h${level}>${/** @type {any} */ (this).parser.parseInline(tokens)}</h${level}>`;
    },
    // Nothing is fetched from elsewhere: an image is a link to itself.
    image(/** @type {any} */ { href, text }) {
      return `<a href="${escape(href)}">Image: ${escape(text || href)}</a>`;
    },
    // HTML in an answer is shown, not obeyed; a line break is what tables need it for.
    html(/** @type {any} */ { text }) {
      return /^<br\s*\/?>$/i.test(text.trim()) ? "<br>" : escape(text);
    },
    checkbox(/** @type {any} */ { checked }) {
      return checked ? "[x] " : "[ ] ";
    },
  },
});

const PURE = {
  ALLOWED_TAGS: [
    "a", "b", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "i", "kbd", "li", "ol", "p", "pre",
    "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["align", "class", "href", "start", "title"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#\/c\/)/i,
  // Without this, the pattern above is asked of these, too, and they go.
  ADD_URI_SAFE_ATTR: ["align", "start"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

DOMPurify.addHook("uponSanitizeAttribute", (/** @type {Element} */ node, /** @type {any} */ data) => {
  if (data.attrName === "class" && !/^language-[\w+#-]+$/.test(data.attrValue)) data.keepAttr = false;
});
DOMPurify.addHook("afterSanitizeAttributes", (/** @type {Element} */ node) => {
  const href = node.nodeName === "A" ? node.getAttribute("href") : null;
  if (href === null || href.startsWith("#/c/")) return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
});

/**
 * Shows a text in an element whose children are its blocks; blocks that did not change are left alone,
 * with their selection and their scroll position.
 *
 * @param {HTMLElement} parent
 * @param {string} text
 */
export function renderMarkdown(parent, text) {
  /** @type {any} */
  const tokens = marked.lexer(text);
  const blocks = tokens.filter((/** @type {any} */ token) => token.type !== "space" && token.type !== "def");
  // A link's definition may come after its use: then everything may have changed.
  const links = JSON.stringify(tokens.links);
  blocks.forEach((/** @type {any} */ token, /** @type {number} */ at) => {
    const old = /** @type {any} */ (parent.children[at]);
    if (old !== undefined && old.raw === token.raw && old.links === links) return;
    const block = /** @type {any} */ (el("div", { class: "block" }));
    block.raw = token.raw;
    block.links = links;
    const one = Object.assign([token], { links: tokens.links });
    block.append(dress(DOMPurify.sanitize(marked.parser(one), PURE)));
    if (old === undefined) parent.append(block);
    else old.replaceWith(block);
  });
  while (parent.children.length > blocks.length) parent.lastElementChild?.remove();
}

/**
 * A text as it is read out: without its marks.
 *
 * @param {string} text
 * @returns {string}
 */
export function plainText(text) {
  const fragment = DOMPurify.sanitize(marked.parse(text), PURE);
  for (const each of fragment.querySelectorAll("p, li, th, td, pre, h3, h4, h5, h6, br")) each.after(" ");
  return (fragment.textContent ?? "").replace(/\s+/g, " ").trim();
}

/**
 * Tables scroll inside themselves; code gets its language and a button to copy it.
 *
 * @param {DocumentFragment} fragment
 */
function dress(fragment) {
  for (const table of fragment.querySelectorAll("table")) {
    const scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" });
    table.replaceWith(scroll);
    scroll.append(table);
  }
  for (const pre of fragment.querySelectorAll("pre")) {
    const code = pre.querySelector("code");
    const language = code?.className.replace("language-", "") ?? "";
    const figure = el("figure", { class: "code" });
    pre.replaceWith(figure);
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", language === "" ? "Code" : `Code, ${language}`);
    figure.append(el("figcaption", {}, el("span", {}, language || "code"), copyButton(pre)), pre);
  }
  return fragment;
}

/** @param {HTMLElement} pre */
function copyButton(pre) {
  if (!navigator.clipboard) return "";
  const button = el("button", { type: "button", class: "quiet copy", "aria-label": "Copy the code" }, "Copy");
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(pre.textContent ?? "").then(() => "Copied", () => "Not copied");
    button.textContent = done;
    setTimeout(() => (button.textContent = "Copy"), 1_500);
  });
  return button;
}
