// What a page is asked after it was laid out: an object of questions.
({
  /** Which elements make the document wider than the window; "" where it fits. */
  tooWide() {
    const root = document.documentElement;
    if (root.scrollWidth <= innerWidth) return "";
    const scrolls = (node) => {
      for (let up = node.parentElement; up; up = up.parentElement)
        if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) return true;
      return false;
    };
    const worst = [...document.querySelectorAll("body *")].filter(
      (node) => node.getBoundingClientRect().right > innerWidth + 1 && !scrolls(node));
    const named = worst.slice(0, 3).map((node) => `${node.tagName}.${node.className}`);
    return `${root.scrollWidth} > ${innerWidth}: ${named.join(", ")}`;
  },

  shown(node) {
    return node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  },

  /** Text that its own box or one around it hides, where nothing scrolls and no ellipsis says so. */
  cutOff() {
    const told = [];
    const hides = (how) => how === "hidden" || how === "clip";
    const skipped = "svg, .tp-hidden, .tp-skip, .tp-skeleton, select, option, textarea";
    for (const node of document.querySelectorAll("main *, header *, nav *")) {
      if (!this.shown(node) || node.closest(skipped) || node.clientWidth === 1) continue;
      if (![...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim())) continue;
      const style = getComputedStyle(node);
      const words = node.textContent.trim().slice(0, 30);
      const low = hides(style.overflowY) && node.scrollHeight > node.clientHeight + 2;
      const wide = hides(style.overflowX) && node.scrollWidth > node.clientWidth + 2;
      if ((low && style.webkitLineClamp === "none") || (wide && style.textOverflow !== "ellipsis")) {
        told.push(`cut ${node.tagName}.${node.className}: ${words}`);
        continue;
      }
      const box = node.getBoundingClientRect();
      for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
        const how = getComputedStyle(up);
        if (["auto", "scroll"].includes(how.overflowX) || how.textOverflow === "ellipsis") break;
        const outer = up.getBoundingClientRect();
        const behind = box.right > outer.right + 2 || box.left < outer.left - 2;
        if (hides(how.overflowX) && outer.width > 1 && behind) {
          told.push(`behind ${up.tagName}.${up.className}: ${words}`);
          break;
        }
      }
    }
    return told.slice(0, 5);
  },

  /** Two pieces of text of the flow, neither inside the other, that lie on one another. */
  overlapping() {
    const seen = [];
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const skipped = "svg, .tp-hidden, .tp-spark, select, .tp-toasts, .tp-scroll, .tp-sticky-foot, .tp-chart-canvas";
    const floats = (node) => {
      for (let up = node; up; up = up.parentElement)
        if (["fixed", "sticky"].includes(getComputedStyle(up).position)) return true;
      return false;
    };
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const node = text.parentElement;
      if (!text.textContent.trim() || !this.shown(node) || node.closest(skipped) || floats(node)) continue;
      if (node.closest("thead")?.offsetWidth === 1) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects())
        if (box.width > 2) seen.push([box, node, text.textContent.trim().slice(0, 20)]);
    }
    seen.sort((one, other) => one[0].top - other[0].top);
    const told = [];
    for (let at = 0; at < seen.length; at += 1)
      for (let next = at + 1; next < seen.length && seen[next][0].top < seen[at][0].bottom - 4; next += 1) {
        const [one, first, words] = seen[at];
        const [other, second, more] = seen[next];
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        const much = high > Math.min(one.height, other.height) * 0.45;
        if (wide > 3 && much && first !== second) told.push(`on one another: ${words} | ${more}`);
      }
    return told.slice(0, 4);
  },
})
