// Conveniences of the documentation page; without them it reads from top to bottom.
const make = (tag, props = {}) => Object.assign(document.createElement(tag), props);

for (const block of document.querySelectorAll("pre")) {
  const copy = make("button", { type: "button", className: "copy", textContent: "Copy" });
  copy.setAttribute("aria-live", "polite");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.textContent);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  });
  const frame = make("div", { className: "snippet" });
  block.replaceWith(frame);
  frame.append(block, copy);
}

for (const group of document.querySelectorAll(".tabs[aria-label]")) {
  const panels = [...group.querySelectorAll("[data-tab]")];
  const list = make("div", { className: "tab-list" });
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", group.getAttribute("aria-label"));
  group.removeAttribute("aria-label");
  const choose = (chosen, focus) => panels.forEach((panel, index) => {
    const tab = list.children[index];
    tab.setAttribute("aria-selected", String(index === chosen));
    tab.tabIndex = index === chosen ? 0 : -1;
    panel.hidden = index !== chosen;
    if (focus && index === chosen) tab.focus();
  });
  panels.forEach((panel, index) => {
    const tab = make("button", { type: "button", id: `tab-${index}`, textContent: panel.dataset.tab });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", (panel.id = `panel-${index}`));
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => choose(index));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step) choose((index + step + panels.length) % panels.length, true);
    });
    list.append(tab);
  });
  group.prepend(list);
  choose(0);
}

// A part is a heading and what follows it, up to the next: a section, or a conversion in its section.
const parts = [...document.querySelectorAll("main h3, main > section > h2")].map((head) => {
  const own = [head];
  for (let next = head.nextElementSibling; next && !/^H[23]$/.test(next.tagName); next = next.nextElementSibling) own.push(next);
  return { own, text: own.map((one) => one.textContent).join(" ").toLowerCase() };
});
const search = make("input", { type: "search", placeholder: "Search" });
search.setAttribute("aria-label", "Search this page");
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const { own, text } of parts) {
    const isFound = words.every((word) => text.includes(word));
    own.forEach((one) => {
      one.classList.toggle("filtered", !isFound);
      // What is folded away is opened when it is what was looked for.
      if (one.tagName === "DETAILS") one.open = isFound && words.length > 0;
    });
  }
});
document.querySelector("header").append(search);
