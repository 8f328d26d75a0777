// The list of past reviews: open, rename in place, delete after asking.
function rename(row) {
  const name = row.querySelector(".past-name");
  const input = document.createElement("input");
  input.className = "past-input";
  input.maxLength = 120;
  input.value = name.textContent;
  input.setAttribute("aria-label", row.querySelector('[data-do="rename"]').textContent);
  row.querySelector(".past-open").replaceWith(input);
  input.focus();
  input.select();
  let sent = false;
  const send = () => {
    if (sent) return;
    sent = true;
    trigger("edit", { review: row.dataset.review, name: input.value });
  };
  input.addEventListener("blur", send);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") send();
    if (event.key === "Escape") { input.value = name.textContent; send(); }
  });
}

element.addEventListener("click", (event) => {
  const row = event.target.closest("li[data-review]");
  const button = event.target.closest("[data-do]");
  if (!row || !button) return;
  const review = row.dataset.review;
  if (button.dataset.do === "open") trigger("select", { review });
  else if (button.dataset.do === "rename") rename(row);
  else if (button.classList.contains("sure")) trigger("delete", { review });
  else {
    button.classList.add("sure");
    button.textContent = button.dataset.ask;
  }
});
