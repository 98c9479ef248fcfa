"use strict";
// A stepper's change is kept in the draft as typing is; what the server sent back is kept again.
(() => {
  const form = document.getElementById("member-order");
  if (!form) return;
  form.addEventListener("change", (event) => {
    if (event.target !== form) event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  if (form.dataset.filled) form.elements.note.dispatchEvent(new Event("input", { bubbles: true }));
})();
