// One fault of each kind that page_checks.py must find, planted into a page before it is checked.
addEventListener("DOMContentLoaded", () => {
  const plant = (tag, text, style = {}, name = "planted") => {
    const node = document.createElement(tag);
    node.textContent = text;
    node.className = name;
    Object.assign(node.style, style);
    document.querySelector("main").append(node);
    return node;
  };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    @media (prefers-color-scheme: dark) { .planted-dark { color: #222; } }
    @media (max-width: 330px) { .planted-narrow { width: 30px; white-space: nowrap; overflow: hidden; } }
    .planted-line { margin: 0; line-height: 20px; }
    @media (max-width: 330px) { .planted-over { margin-top: -20px; } }
    @media (max-width: 330px) { .planted-pale { color: #ccc; } }
    .planted-low { height: 30px; line-height: 1.5; overflow-y: hidden; }
  `);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  plant("div", "", { width: "2000px", height: "1px", position: "absolute", left: "0" });
  plant("img", "").src = "/static/mark.svg";
  plant("h1", "a second heading");
  plant("button", "", { width: "40px", height: "40px" });
  plant("p", "dark on dark", {}, "planted-dark");
  plant("p", "too low for large text", {}, "planted-low");
  plant("p", "too narrow for a phone", {}, "planted-narrow");
  plant("p", "planted one", {}, "planted-line");
  plant("p", "planted two", {}, "planted-line planted-over");
  plant("p", "pale on a phone", {}, "planted-pale");
  console.error("planted");
});
