// The two panes: what a click, a key or an edit does. `element`, `server` and `watch` come from Gradio.
const state = { undo: [], current: null, filter: "todo" };
const root = () => element.querySelector(".wb");
const cards = () => [...element.querySelectorAll(".card")];
const card = (id) => element.querySelector(`#card-${CSS.escape(id)}`);
const visible = () => cards().filter((c) => !c.hidden);

function flash(target) {
  if (!target) return;
  target.scrollIntoView({ block: "center" });
  target.classList.remove("flash");
  void target.offsetWidth;
  target.classList.add("flash");
}

function passage(c) {
  const id = c.dataset.id;
  const mark = element.querySelector(`mark[data-findings~="${CSS.escape(id)}"]`);
  if (mark) return mark;
  const insert = element.querySelector(`[data-insert="${CSS.escape(id)}"]`);
  if (insert) return insert;
  const clause = (c.dataset.clauses || "").split(" ")[0];
  return clause && element.querySelector(`[data-clause="${CSS.escape(clause)}"]`);
}

function open(c, { scroll = true, show = true } = {}) {
  const body = c.querySelector(".card-body");
  body.hidden = false;
  c.querySelector("[data-toggle]").setAttribute("aria-expanded", "true");
  preview(c);
  select(c);
  if (scroll) c.scrollIntoView({ block: "nearest" });
  if (show) flash(passage(c));
}

function close(c) {
  c.querySelector(".card-body").hidden = true;
  c.querySelector("[data-toggle]").setAttribute("aria-expanded", "false");
}

function select(c) {
  cards().forEach((other) => other.classList.toggle("current", other === c));
  state.current = c.dataset.id;
}

// Longest common subsequence over characters, numbers kept whole.
function pieces(text) {
  return text.match(/\d+(?:\.\d+)?%?|[a-zA-Z]+|[\s\S]/g) || [];
}

function difference(before, after) {
  const a = pieces(before), b = pieces(after);
  if (a.length * b.length > 400000) return [["del", before], ["ins", after]];
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const out = [];
  const push = (kind, words) => {
    if (out.length && out[out.length - 1][0] === kind) out[out.length - 1][1] += words;
    else out.push([kind, words]);
  };
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { push("same", a[i]); i++; j++; }
    else if (i < a.length && (j === b.length || table[i + 1][j] >= table[i][j + 1])) push("del", a[i++]);
    else push("ins", b[j++]);
  }
  return out;
}

function preview(c) {
  const box = c.querySelector(".diff");
  if (!box) return;
  const original = c.querySelector(".original");
  const wording = c.querySelector(".wording").value;
  box.replaceChildren();
  const changes = original ? difference(original.textContent, wording) : [["ins", wording]];
  for (const [kind, words] of changes) {
    const node = document.createElement(kind === "same" ? "span" : kind);
    node.textContent = words;
    box.append(node);
  }
}

const LABEL = () => ({
  accept: element.querySelector('[data-act="accept"]')?.textContent || "✓",
  reject: element.querySelector('[data-act="reject"]')?.textContent || "✕",
  edit: element.querySelector('[data-act="edit"]')?.textContent || "✎",
  wrong: element.querySelector('[data-act="wrong"]')?.textContent || "!",
});

function paint(c) {
  const choice = c.dataset.decision;
  c.querySelector("[data-state]").textContent = choice ? `● ${LABEL()[choice]}` : "";
}

async function decide(c, choice, { text = null, remember = true } = {}) {
  const before = { choice: c.dataset.decision, text: c.dataset.text || null };
  const note = c.querySelector(".note")?.value || null;
  const answer = await server.decide({
    visitor: root().dataset.visitor, review: root().dataset.review,
    finding: c.dataset.id, choice: choice || null, text, note,
  });
  if (answer !== true) return;
  if (remember) state.undo.push({ id: c.dataset.id, ...before });
  c.dataset.decision = choice || "";
  c.dataset.text = text || "";
  paint(c);
  tally();
}

async function act(c, name) {
  if (name === "accept" || name === "reject") {
    await decide(c, name);
    c.querySelector(".wording")?.setAttribute("hidden", "");
    move(1);
  } else if (name === "edit") {
    const box = c.querySelector(".wording");
    open(c, { show: false });
    box.hidden = false;
    box.focus();
  } else if (name === "wrong") {
    open(c, { show: false });
    c.querySelector(".right-answer").hidden = false;
  } else if (name === "save-wrong") {
    await decide(c, "wrong", { text: c.querySelector("select").value });
    c.querySelector(".right-answer").hidden = true;
  }
}

async function undo() {
  const last = state.undo.pop();
  if (last) await decide(card(last.id), last.choice, { text: last.text, remember: false });
}

function matches(c) {
  const f = state.filter, d = c.dataset;
  const words = element.querySelector(".wb-search").value.trim().toLowerCase();
  const kept =
    f === "todo" ? d.flagged : f === "passed" ? !d.flagged : f === "observation" ? d.kind === f :
    f === "high" ? d.flagged && d.severity === "high" :
    f === "undecided" ? d.flagged && !d.decision && d.kind !== "observation" : d.status === f && d.kind !== "observation";
  return kept && (!words || c.textContent.toLowerCase().includes(words));
}

function filter() {
  cards().forEach((c) => { c.hidden = !matches(c); });
  tally();
}

function tally() {
  const done = cards().filter((c) => c.dataset.decision).length;
  element.querySelector(".wb-tally").textContent = `${visible().length} / ${cards().length} · ● ${done}`;
}

function move(step) {
  const list = visible();
  if (!list.length) return;
  const at = list.findIndex((c) => c.dataset.id === state.current);
  const next = list[Math.min(list.length - 1, Math.max(0, at + step))];
  if (next && next.dataset.id !== state.current) open(next);
}

element.addEventListener("click", async (event) => {
  const target = event.target;
  const opener = target.closest("[data-open]");
  if (opener) { state.filter = "todo"; chip("todo"); filter(); return open(card(opener.dataset.open), { show: !opener.dataset.insert }); }
  const mark = target.closest("mark");
  if (mark) {
    const ids = mark.dataset.findings.split(" ").map(card);
    const c = ids.find((one) => one && !one.hidden) || ids[0];
    if (c.hidden) { state.filter = c.dataset.flagged ? "todo" : "passed"; chip(state.filter); filter(); }
    return open(c, { show: false });
  }
  const button = target.closest("[data-filter]");
  if (button) { state.filter = button.dataset.filter; chip(state.filter); return filter(); }
  const c = target.closest(".card");
  const name = target.closest("[data-act]")?.dataset.act;
  if (name === "undo") return undo();
  if (name === "accept-high") {
    for (const one of cards())
      if (one.dataset.severity === "high" && one.dataset.flagged && !one.dataset.decision && one.querySelector(".suggestion")) await decide(one, "accept");
    return;
  }
  if (name && c) return act(c, name);
  if (c && target.closest("[data-toggle]")) {
    if (c.querySelector(".card-body").hidden) open(c, { scroll: false }); else close(c);
  } else if (c && target.closest("q")) flash(passage(c));
});

function chip(name) {
  element.querySelectorAll(".chip").forEach((b) => {
    const on = b.dataset.filter === name;
    b.classList.toggle("on", on);
    b.setAttribute("aria-pressed", String(on));
  });
}

element.addEventListener("input", (event) => {
  if (event.target.closest(".wb-search")) return filter();
  const c = event.target.closest(".card");
  if (c && event.target.matches(".wording")) preview(c);
});

element.addEventListener("change", (event) => {
  const c = event.target.closest(".card");
  if (!c) return;
  if (event.target.matches(".wording")) decide(c, "edit", { text: event.target.value });
  if (event.target.matches(".note") && c.dataset.decision) decide(c, c.dataset.decision, { text: c.dataset.text || null, remember: false });
});

document.addEventListener("keydown", (event) => {
  if (!root() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const c = state.current && card(state.current);
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") element.querySelector(".wb-search").focus();
  else if (event.key === "Enter" && event.target.matches("mark")) event.target.click();
  else if (c && event.key === "a" && c.querySelector('[data-act="accept"]')) act(c, "accept");
  else if (c && event.key === "x" && c.querySelector('[data-act="reject"]')) act(c, "reject");
  else if (c && event.key === "e" && c.querySelector('[data-act="edit"]')) act(c, "edit");
  else return;
  event.preventDefault();
});

function begin() {
  if (!root()) return;
  state.undo = [];
  state.filter = "todo";
  cards().forEach(paint);
  chip("todo");
  filter();
}
watch("value", begin);
begin();
