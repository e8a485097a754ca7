// Keys for those who work with a keyboard. Every page is whole without this file.
"use strict";

// A page names its keys on what they do: data-key="a" on a button or a link presses or follows it.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else if (target.matches("dialog")) target.showModal();
  else target.click();
});
