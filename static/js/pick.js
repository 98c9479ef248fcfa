"use strict";
// A field that offers what it finds: ↓ leads into the list, Enter or a click picks, Esc closes.
(() => {
  const list = (input) => input.closest(".tp-pick, .tp-is-pick").querySelector(".tp-picks");
  const close = (input) => {
    list(input).replaceChildren();
    input.setAttribute("aria-expanded", "false");
  };
  // A search after the session has ended must not lead to the sign-in: the form would be lost unsent.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const isSearch = event.target.matches("[data-pick]");
    if (isSearch && event.detail.xhr.getResponseHeader("HX-Redirect")) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.classList.contains("tp-picks")) return;
    const input = event.target.closest(".tp-pick, .tp-is-pick").querySelector("[data-pick]");
    input.setAttribute("aria-expanded", String(event.target.children.length > 0));
  });
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-picked]");
    if (chosen) {
      const input = chosen.closest(".tp-pick, .tp-is-pick").querySelector("[data-pick]");
      input.value = chosen.dataset.picked;
      close(input);
      input.focus();
      input.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    for (const input of document.querySelectorAll("[data-pick][aria-expanded=true]")) {
      if (!input.closest(".tp-pick, .tp-is-pick").contains(event.target)) close(input);
    }
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest(".tp-pick, .tp-is-pick");
    if (!field) return;
    const input = field.querySelector("[data-pick]");
    const choices = [...field.querySelectorAll("[data-picked]")];
    const at = choices.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && choices.length) {
      event.preventDefault();
      choices[Math.min(at + 1, choices.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at === 0 ? input : choices[at - 1]).focus();
    } else if (event.key === "Enter" && event.target === input && choices.length) {
      event.preventDefault();
      choices[0].click();
    } else if (event.key === "Escape") {
      close(input);
      input.focus();
    }
  });
})();
