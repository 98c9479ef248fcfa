"use strict";
// The header's search: ↓ leads from the box into what was found, ↑ back, Enter opens, Esc closes.
(() => {
  const box = () => document.getElementById("search");
  const found = () => document.getElementById("found");
  const links = () => (found() ? [...found().querySelectorAll("a")] : []);
  const close = () => { if (found()) found().replaceChildren(); };
  document.addEventListener("keydown", (event) => {
    const input = box();
    if (!input || !(event.target === input || (found() && found().contains(event.target)))) return;
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && all.length) {
      event.preventDefault();
      all[Math.min(at + 1, all.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at === 0 ? input : all[at - 1]).focus();
    } else if (event.key === "Escape") {
      close();
      input.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".tp-search")) close();
  });
  document.addEventListener("focusin", (event) => {
    if (box() && !event.target.closest(".tp-search")) close();
  });
})();
