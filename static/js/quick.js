"use strict";
// The quick order: keys, and nothing typed is lost while prices are being worked out.
(() => {
  const desk = () => document.getElementById("quick");
  if (!desk()) return;
  const fields = () => [...desk().querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")];
  const keyOf = (field) => field.id || field.name;
  let sent = null;

  // What is only being written does not save the sheet.
  desk().addEventListener("change", (event) => {
    if (event.target.closest("[data-quiet]")) event.stopPropagation();
  }, true);
  const isSheet = (event) => event.detail.target && event.detail.target.id === "quick";
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isSheet(event)) return;
    desk().classList.add("htmx-request");
    sent = Object.fromEntries(fields().map((field) => [keyOf(field), field.value]));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (isSheet(event)) desk().classList.remove("htmx-request");
  });
  // Typed after the request left: still there after its answer.
  let later = {};
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isSheet(event)) return;
    later = {};
    for (const field of fields()) {
      if (sent && field.id && sent[keyOf(field)] !== field.value) later[field.id] = field.value;
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!isSheet(event)) return;
    let again = false;
    for (const [id, value] of Object.entries(later)) {
      const field = document.getElementById(id);
      if (!field) continue;
      field.value = value;
      if (document.activeElement !== field && field.matches(".tp-qty, .tp-unit")) again = true;
    }
    later = {};
    if (again) setTimeout(() => window.htmx.trigger(desk(), "price"), 0);
  });

  // A button pressed while prices are on their way is pressed again when they are there; placing
  // only if the total is still the one that was on the button.
  let pressed = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#quick button[name]");
    if (!button || !desk().classList.contains("htmx-request")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = { name: button.name, value: button.value, displayed: desk().elements.displayed.value };
    button.setAttribute("aria-busy", "true");
  }, true);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!isSheet(event) || !pressed) return;
    const { name, value, displayed } = pressed;
    pressed = null;
    const button = [...desk().querySelectorAll("button[name]")].find((one) => one.name === name && one.value === value);
    const same = value !== "place" || desk().elements.displayed?.value === displayed;
    setTimeout(() => (button && same ? button.click() : window.tell(desk().dataset.waits)), 0);
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter ends the writing of Chinese characters
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const add = document.getElementById("typed");
      if (add) {
        event.preventDefault();
        add.focus();
        add.select();
      }
    }
    if (event.altKey && (event.key === "?" || event.code === "Slash")) {
      const row = event.target.closest("tr") || desk().querySelector(".tp-lines tbody tr");
      const mark = row && row.querySelector(".tp-why-mark");
      if (mark) {
        event.preventDefault();
        mark.click();
      }
    }
    if (event.target.id === "typed") {
      const offers = [...document.querySelectorAll("#offers button")];
      // Enter takes the first of a list that is about the whole text; else the server decides by the same rule.
      const list = document.querySelector("#offers [data-takes-first]");
      const first = list && list.dataset.typed === event.target.value.trim() ? offers[0] : null;
      if (event.key === "ArrowDown" && offers.length) {
        event.preventDefault();
        offers[0].focus();
      }
      if (event.key === "Escape") document.getElementById("offers").replaceChildren();
      if (event.key === "Enter") {
        event.preventDefault();
        if (first) first.click();
        else if (event.target.value.trim()) window.htmx.trigger(desk(), "price");
      }
    }
    if (event.target.closest("#offers") && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      const offers = [...document.querySelectorAll("#offers button")];
      const next = offers[offers.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      (next || document.getElementById("typed")).focus();
    }
  });
})();
