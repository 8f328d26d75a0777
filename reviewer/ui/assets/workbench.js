// The two panes: what a click, a key or an edit does.
// `element`, `server`, `watch` and `trigger` come from Gradio.
const NARROW = matchMedia("(max-width: 900px)");
const state = { undo: [], current: null, filter: "todo" };
const root = () => element.querySelector(".wb");
const find = (selector) => element.querySelector(selector);
const cards = () => [...element.querySelectorAll(".card")];
const card = (id) => find(`#card-${CSS.escape(id)}`);
const visible = () => cards().filter((c) => !c.hidden);

// ---- moving between the panes

function show(tab) {
  root().dataset.tab = tab;
  element.querySelectorAll(".wb-tabs [data-tab]").forEach((b) => {
    b.setAttribute("aria-selected", String(b.dataset.tab === tab));
  });
}

function reach(target, pane, share) {
  if (NARROW.matches) return target.scrollIntoView({ block: "center" });
  const to = () => target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollTop += to() - pane.clientHeight * share;
  // Clauses that were never drawn have an estimated height; the second step corrects for them.
  requestAnimationFrame(() => { pane.scrollTop += to() - pane.clientHeight * share; });
}

function flash(target) {
  if (!target) return;
  if (NARROW.matches) show("contract");
  reach(target, find(".wb-contract"), 0.35);
  target.classList.remove("flash");
  void target.offsetWidth;
  target.classList.add("flash");
}

function passage(c) {
  const id = CSS.escape(c.dataset.id);
  const clause = (c.dataset.clauses || "").split(" ")[0];
  return find(`mark[data-findings~="${id}"]`) || find(`[data-insert="${id}"]`) ||
    (clause && find(`[data-clause="${CSS.escape(clause)}"]`));
}

function marks(c) {
  element.querySelectorAll(".linked").forEach((m) => m.classList.remove("linked"));
  const id = CSS.escape(c.dataset.id);
  element.querySelectorAll(`mark[data-findings~="${id}"], [data-insert="${id}"]`)
    .forEach((m) => m.classList.add("linked"));
}

function open(c, { scroll = true, see = !NARROW.matches } = {}) {
  c.querySelector(".card-body").hidden = false;
  c.querySelector("[data-toggle]").setAttribute("aria-expanded", "true");
  preview(c);
  cards().forEach((other) => other.classList.toggle("current", other === c));
  state.current = c.dataset.id;
  marks(c);
  if (scroll) {
    show("findings");
    const tools = find(".wb-tools").offsetHeight;
    const pane = find(".wb-findings");
    if (NARROW.matches) c.scrollIntoView({ block: "start" });
    else reach(c, pane, (tools + 10) / pane.clientHeight);
  }
  if (see) flash(passage(c));
}

function close(c) {
  c.querySelector(".card-body").hidden = true;
  c.querySelector("[data-toggle]").setAttribute("aria-expanded", "false");
}

function move(step, { closing = false } = {}) {
  const list = visible();
  if (!list.length) return;
  const at = list.findIndex((c) => c.dataset.id === state.current);
  const next = list[Math.min(list.length - 1, Math.max(0, at + step))];
  if (closing && at >= 0) close(list[at]);
  if (next.dataset.id !== state.current) open(next);
}

// ---- the difference between two wordings, word by word

const segmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("zh", { granularity: "word" }) : null;

function pieces(text) {
  return segmenter ? [...segmenter.segment(text)].map((s) => s.segment) : text.match(/\d+|[a-zA-Z]+|[\s\S]/g) || [];
}

function difference(before, after) {
  const a = pieces(before), b = pieces(after);
  if (a.length * b.length > 400000) return [["del", before], ["ins", after]];
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const out = [];
  let i = 0, j = 0, del = "", ins = "";
  const flush = () => {
    if (del) out.push(["del", del]);
    if (ins) out.push(["ins", ins]);
    del = ins = "";
  };
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      let same = "";
      while (i < a.length && j < b.length && a[i] === b[j]) { same += a[i++]; j++; }
      const inside = (del || ins) && (i < a.length || j < b.length);
      if (inside && same.trim().length < 3) { del += same; ins += same; }
      else { flush(); out.push(["same", same]); }
    } else if (i < a.length && (j === b.length || table[i + 1][j] >= table[i][j + 1])) del += a[i++];
    else ins += b[j++];
  }
  flush();
  return out;
}

function preview(c) {
  const box = c.querySelector(".diff");
  if (!box) return;
  const original = c.querySelector(".original");
  const wording = c.querySelector(".wording").value;
  const changes = original ? difference(original.textContent, wording) : [["ins", wording]];
  box.replaceChildren(...changes.map(([kind, words]) => {
    const node = document.createElement(kind === "same" ? "span" : kind);
    node.textContent = words;
    return node;
  }));
}

// ---- deciding

const shownChoice = (choice) => find(".choices").content.querySelector(`[data-choice="${choice}"]`).textContent;

function paint(c) {
  const choice = c.dataset.decision;
  c.querySelector("[data-state]").textContent = choice ? shownChoice(choice) : "";
  c.querySelectorAll(".acts [data-act]").forEach((b) => {
    b.setAttribute("aria-pressed", String(b.dataset.act === choice));
  });
}

function item(c, choice, text) {
  return { finding: c.dataset.id, choice: choice || null, text: text || null, note: c.querySelector(".note")?.value || null };
}

async function decide(items, { remember = true } = {}) {
  if (!items.length) return;
  const before = items.map((one) => {
    const { decision, text } = card(one.finding).dataset;
    return item(card(one.finding), decision, text);
  });
  const { review } = root().dataset;
  if ((await server.decide({ review, items })) !== true) return;
  if (remember) state.undo.push(before);
  for (const one of items) {
    const c = card(one.finding);
    c.dataset.decision = one.choice || "";
    c.dataset.text = one.text || "";
    const box = c.querySelector(".wording");
    if (box && c.querySelector(".editor").hidden) {
      box.value = one.choice === "edit" && one.text ? one.text : c.querySelector(".proposed").textContent;
      preview(c);
    }
    paint(c);
  }
  tally();
}

const ACTS = {
  accept: (c) => settle(c, "accept"),
  reject: (c) => settle(c, "reject"),
  edit(c) {
    open(c, { scroll: false, see: false });
    c.querySelector(".editor").hidden = false;
    c.querySelector(".wording").focus();
  },
  async "save-edit"(c) {
    const text = c.querySelector(".wording").value.trim();
    c.querySelector(".editor").hidden = true;
    await decide([item(c, "edit", text)]);
  },
  "cancel-edit"(c) {
    c.querySelector(".editor").hidden = true;
    c.querySelector(".wording").value = c.dataset.text || c.querySelector(".proposed").textContent;
    preview(c);
  },
  async wrong(c) {
    if (c.dataset.decision === "wrong") return decide([item(c, null)]);
    open(c, { scroll: false, see: false });
    c.querySelector(".right-answer").hidden = false;
    c.querySelector("[data-answer]").focus();
  },
  async "save-wrong"(c) {
    await decide([item(c, "wrong", c.querySelector("[data-answer]").value)]);
    c.querySelector(".right-answer").hidden = true;
  },
};

async function settle(c, choice) {
  if (c.dataset.decision === choice) return decide([item(c, null)]);
  const editor = c.querySelector(".editor");
  const wording = c.querySelector(".wording").value.trim();
  const edited = choice === "accept" && !editor.hidden && wording !== c.querySelector(".proposed").textContent;
  editor.hidden = true;
  await decide([edited ? item(c, "edit", wording) : item(c, choice)]);
  if (state.current === c.dataset.id) move(1, { closing: true });
}

async function undo() {
  const last = state.undo.pop();
  if (last) await decide(last, { remember: false });
}

function acceptHigh() {
  const open = cards().filter((c) => c.dataset.severity === "high" && c.dataset.flagged && c.dataset.kind !== "observation" && !c.dataset.decision && c.querySelector(".suggestion"));
  return decide(open.map((c) => item(c, "accept")));
}

// ---- narrowing the list

function matches(c) {
  const d = c.dataset;
  const words = find(".wb-search").value.trim().toLowerCase();
  const severity = find("select[data-severity]").value;
  const decided = find("select[data-decided]").value;
  const inGroup = state.filter === "todo" ? d.flagged : d.tone === state.filter;
  return inGroup && (!severity || (d.severity === severity && d.kind !== "observation")) &&
    (!decided || (decided === "yes") === Boolean(d.decision)) &&
    (!words || c.textContent.toLowerCase().includes(words));
}

function filter() {
  cards().forEach((c) => { c.hidden = !matches(c); });
  find(".cards .wb-none").hidden = visible().length > 0;
  element.querySelectorAll(".chip").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.filter === state.filter)));
  tally();
}

function reveal(c) {
  if (!c.hidden) return;
  state.filter = c.dataset.flagged ? "todo" : "ok";
  find(".wb-search").value = "";
  element.querySelectorAll(".wb-narrow select").forEach((s) => { s.value = ""; });
  filter();
}

function tally() {
  const asked = cards().filter((c) => c.dataset.flagged && c.dataset.kind !== "observation");
  const done = asked.filter((c) => c.dataset.decision).length;
  const box = find(".wb-tally");
  box.textContent = box.dataset.words.replace("{m}", done).replace("{n}", asked.length);
  find(".meter i").style.width = `${asked.length ? (100 * done) / asked.length : 0}%`;
  find('[data-act="undo"]').disabled = state.undo.length === 0;
}

// ---- a passage by its place in the text, in code points

function nodesOf(clause) {
  const walker = document.createTreeWalker(clause, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, {
    acceptNode: (node) => node.parentElement.closest(".unseen") && node.parentElement !== clause ? NodeFilter.FILTER_REJECT
      : node.nodeType === 3 || node.classList.contains("unseen") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
  });
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

// Invisible characters are shown by name in a span: each counts as one.
function placeIn(clause, offset) {
  let left = offset;
  for (const node of nodesOf(clause)) {
    if (node.nodeType !== 3) {
      if (left === 0) return [node.parentNode, [...node.parentNode.childNodes].indexOf(node)];
      left -= 1;
      continue;
    }
    const points = [...node.data];
    if (left <= points.length) return [node, points.slice(0, left).join("").length];
    left -= points.length;
  }
  return [clause, clause.childNodes.length];
}

function showPassage(from, to) {
  const clauses = [...element.querySelectorAll("[data-start]")];
  const at = (offset) => clauses.filter((c) => Number(c.dataset.start) <= offset).pop();
  const first = at(from), last = at(Math.max(from, to - 1));
  if (!first) return;
  flash(first);
  if (!window.Highlight || !CSS.highlights) return;
  const range = new Range();
  range.setStart(...placeIn(first, from - Number(first.dataset.start)));
  range.setEnd(...placeIn(last, to - Number(last.dataset.start)));
  CSS.highlights.set("passage", new Highlight(range));
}

// ---- asking

async function ask(question) {
  const words = question.trim();
  const list = find(".ask-list");
  if (!words || list.querySelector(".waits")) return;
  find(".ask-form textarea").value = "";
  const waits = find(".ask-waits").content.firstElementChild.cloneNode(true);
  waits.querySelector(".asked").textContent = words;
  list.append(waits);
  list.scrollTop = list.scrollHeight;
  find("[data-ask]").disabled = true;
  const { review, lang } = root().dataset;
  try {
    const { html } = await server.ask({ review, lang, question: words });
    const page = document.createRange().createContextualFragment(html);
    waits.replaceWith(page);
    list.lastElementChild.scrollIntoView({ block: "nearest" });
  } catch {
    waits.remove();
    find(".ask-form textarea").value = words;
  }
  find("[data-ask]").disabled = false;
}

// ---- events

const PAGE = {
  export: () => document.body.classList.add("exporting"),
  new() {
    sessionStorage.removeItem("reviewer-current");
    trigger("clear");
  },
};

element.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const c = at(".card");
  const opener = at("[data-open]");
  const mark = at("mark");
  if (at("[data-do]")) PAGE[at("[data-do]").dataset.do]();
  else if (at(".wb-tabs [data-tab]")) show(at("[data-tab]").dataset.tab);
  else if (at("[data-from]")) showPassage(Number(at("[data-from]").dataset.from), Number(at("[data-from]").dataset.to));
  else if (at("[data-question]")) ask(at("[data-question]").dataset.question);
  else if (at("[data-ask]")) ask(find(".ask-form textarea").value);
  else if (opener) {
    reveal(card(opener.dataset.open));
    open(card(opener.dataset.open), { see: !opener.dataset.insert && !NARROW.matches });
  } else if (mark) {
    const ids = mark.dataset.findings.split(" ").map(card);
    const target = ids.find((one) => one && !one.hidden) || ids[0];
    reveal(target);
    open(target, { see: false });
  } else if (at("[data-filter]")) {
    state.filter = at("[data-filter]").dataset.filter;
    filter();
  } else if (at('[data-act="undo"]')) undo();
  else if (at('[data-act="accept-high"]')) acceptHigh();
  else if (c && at("[data-act]")) ACTS[at("[data-act]").dataset.act](c);
  else if (c && at("[data-see]")) flash(passage(c));
  else if (c && (at("[data-toggle]") || at(".card-why"))) {
    if (c.querySelector(".card-body").hidden) open(c, { scroll: false });
    else close(c);
  }
});

element.addEventListener("input", (event) => {
  if (event.target.matches(".wb-search")) filter();
  if (event.target.matches(".wording")) preview(event.target.closest(".card"));
});

element.addEventListener("change", (event) => {
  const c = event.target.closest(".card");
  if (event.target.matches(".wb-narrow select")) filter();
  else if (event.target.matches("[data-switch]")) trigger("select", { review: event.target.value });
  else if (event.target.matches("[data-jump]")) reach(find(`[data-clause="${CSS.escape(event.target.value)}"]`), find(".wb-contract"), 0.05);
  else if (c && event.target.matches(".note")) decide([item(c, c.dataset.decision, c.dataset.text)], { remember: false });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.body.classList.remove("exporting");
  if (!root() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.closest(".ask-form")) {
      event.preventDefault();
      ask(event.target.value);
    }
    return;
  }
  const c = state.current && card(state.current);
  const can = (name) => c && c.querySelector(`[data-act="${name}"]`);
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "u") undo();
  else if (event.key === "/") find(".wb-search").focus();
  else if (event.key === "Enter" && event.target.matches("mark")) event.target.click();
  else if (event.key === "a" && can("accept")) ACTS.accept(c);
  else if (event.key === "x" && can("reject")) ACTS.reject(c);
  else if (event.key === "e" && can("edit")) ACTS.edit(c);
  else return;
  event.preventDefault();
});

function begin() {
  CSS.highlights?.delete("passage");
  document.body.classList.toggle("has-review", Boolean(root()));
  document.body.classList.remove("exporting");
  if (!root()) return;
  sessionStorage.setItem("reviewer-current", root().dataset.review);
  Object.assign(state, { undo: [], current: null, filter: find('.card[data-flagged="1"]') ? "todo" : "ok" });
  cards().forEach(paint);
  filter();
  scrollTo(0, 0);
}
watch("value", begin);
begin();
