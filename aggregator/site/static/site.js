// Keys for those who read with a keyboard. Every page is whole without this file.
"use strict";

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => follow(".headline a, h1 a"),
  s: () => follow("a.source, a.source-button"),
  "/": () => document.querySelector("#q, #find")?.focus(),
  "?": () => document.querySelector("#keys")?.showModal(),
};

function items() {
  return [...document.querySelectorAll("main article.card, main .brief, main .hit, main .report")];
}

function current() {
  return document.activeElement?.closest("article.card, .brief, .hit, .report");
}

// Focus the headline of the next item, or of the one before.
function step(by) {
  const all = items();
  const at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  const link = next?.querySelector(".headline a");
  link?.focus();
  link?.scrollIntoView({ block: "center" });
}

// Follow a link of the item in focus; of the article where a page has only one.
function follow(selector) {
  const scope = current() ?? document.querySelector("main article.story");
  scope?.querySelector(selector)?.click();
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, dialog, [contenteditable]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
