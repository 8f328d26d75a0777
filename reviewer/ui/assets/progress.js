// Remembers what is under review, so that a page that was loaded again can say it was interrupted.
watch("value", () => {
  const name = element.querySelector(".progress-name b");
  if (name) sessionStorage.setItem("reviewer-busy", name.textContent);
  else sessionStorage.removeItem("reviewer-busy");
});
