// Returns the controls on the page that a screen reader could not name, as one line each.
() => {
  const words = (node) => (node?.textContent || "").trim();
  const named = (node) =>
    node.getAttribute("aria-label")?.trim() ||
    (node.getAttribute("aria-labelledby") || "").split(" ").map((id) => words(document.getElementById(id))).join("") ||
    [...(node.labels || [])].map(words).join("") ||
    (node.matches("button, a, summary, [role=tab], mark, [role=button]") && words(node)) ||
    node.title;
  return [...document.querySelectorAll("button, a[href], input, select, textarea, summary, [tabindex='0'], [role=tab]")]
    .filter((node) => node.checkVisibility() && !node.closest("[aria-hidden=true]") && node.type !== "hidden")
    .filter((node) => !named(node))
    .map((node) => node.outerHTML.slice(0, 120));
}
