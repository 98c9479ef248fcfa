"use strict";
// Ticks of a list: all at once, and how many. Without this each row is ticked by itself.
(() => {
  const boxes = (list) => [...list.querySelectorAll("input[name=row]")];
  const tell = (list) => {
    const ticked = boxes(list).filter((box) => box.checked).length;
    const all = list.querySelector("[data-ticks]");
    const notice = list.querySelector("[data-ticked]");
    if (all) {
      all.checked = ticked > 0 && ticked === boxes(list).length;
      all.indeterminate = ticked > 0 && !all.checked;
    }
    if (notice) {
      notice.hidden = ticked === 0;
      notice.querySelector("b").textContent = String(ticked);
    }
  };
  document.addEventListener("change", (event) => {
    const list = event.target.closest(".tp-list");
    if (!list) return;
    if (event.target.matches("[data-ticks]")) {
      boxes(list).forEach((box) => { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-ticks], input[name=row]")) tell(list);
  });
  document.querySelectorAll(".tp-list").forEach(tell);
  // A menu closes when a press lands elsewhere, or on Esc.
  const open = () => document.querySelectorAll(".tp-list-tools details[open]");
  document.addEventListener("click", (event) => {
    open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
})();
