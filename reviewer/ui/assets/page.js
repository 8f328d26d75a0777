// Runs before the page is drawn: light or dark, as chosen last, else as the system has it.
function reviewerTheme(choice) {
  const dark = choice ? choice === "dark" : !document.body.classList.contains("dark");
  document.body.classList.toggle("dark", dark);
  if (!choice) localStorage.setItem("reviewer-theme", dark ? "dark" : "light");
}
addEventListener("DOMContentLoaded", () => {
  const kept = localStorage.getItem("reviewer-theme");
  if (!kept) return;
  reviewerTheme(kept);
  // Gradio sets the class by the system once, while it starts.
  const watch = new MutationObserver(() => {
    if (document.body.classList.contains("dark") !== (localStorage.getItem("reviewer-theme") === "dark")) reviewerTheme(localStorage.getItem("reviewer-theme"));
  });
  watch.observe(document.body, { attributeFilter: ["class"] });
  setTimeout(() => watch.disconnect(), 10000);
});
