// Runs before the page is drawn: light or dark, as chosen last, else as the system has it.
function reviewerTheme(choice) {
  const dark = choice ? choice === "dark" : !document.body.classList.contains("dark");
  if (!choice) localStorage.setItem("reviewer-theme", dark ? "dark" : "light");
  document.body.classList.toggle("dark", dark);
}
function reviewerRecall(lang) {
  const kept = localStorage.getItem("reviewer-lang");
  const spoken = kept === "zh" || kept === "en" ? kept : lang;
  document.documentElement.lang = spoken;
  const busy = sessionStorage.getItem("reviewer-busy") || "";
  sessionStorage.removeItem("reviewer-busy");
  return [sessionStorage.getItem("reviewer-current") || "", spoken, busy];
}
document.addEventListener("change", (event) => {
  if (!event.target.closest("#language")) return;
  localStorage.setItem("reviewer-lang", event.target.value);
  document.documentElement.lang = event.target.value;
});
function reviewerColours() {
  const kept = localStorage.getItem("reviewer-theme");
  if (!kept) return;
  const keep = () => {
    const dark = localStorage.getItem("reviewer-theme") === "dark";
    if (document.body.classList.contains("dark") !== dark) reviewerTheme(dark ? "dark" : "light");
  };
  keep();
  // Gradio sets the class by the system once more while it starts.
  new MutationObserver(keep).observe(document.body, { attributeFilter: ["class"] });
}
if (document.body) reviewerColours();
else addEventListener("DOMContentLoaded", reviewerColours);
