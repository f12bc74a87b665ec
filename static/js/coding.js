// Select words, or a whole passage, then a code. Places are sent in code points: an emoji is one, though JavaScript counts two.
const { say } = window.words;
const points = (words) => [...words].length;
const text = () => document.querySelector("[data-coding]");
const picker = () => document.querySelector("[data-picker]");
const AGAIN = 300; // milliseconds in which a double click may become a triple one
let from = null; // where the keyboard goes back to
let press = null; // where the pointer went down, while it is down
let changed = false; // the selection, since then
let waiting = 0;
let refused = false; // what was typed waits for other words

// The words of a range that lie in the text, whatever else it reaches into: a triple click ends in the button after the paragraph.
function placeOf(range) {
  let start = null;
  let end = null;
  let words = "";
  for (const piece of text()?.querySelectorAll("[data-start]") ?? []) {
    if (!range.intersectsNode(piece)) continue;
    const inner = document.createRange();
    inner.selectNodeContents(piece);
    const before = inner.cloneRange();
    if (range.compareBoundaryPoints(Range.START_TO_START, inner) > 0) inner.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, inner) < 0) inner.setEnd(range.endContainer, range.endOffset);
    const length = points(inner.toString());
    if (!length) continue;
    before.setEnd(inner.startContainer, inner.startOffset);
    const at = Number(piece.dataset.start) + points(before.toString());
    start ??= at;
    if (end !== null && at > end) words += " ";
    end = at + length;
    words += inner.toString();
  }
  return start === null ? null : { start, end, words };
}

function clear(form) {
  for (const field of [form.elements.memo, form.elements.code, form.querySelector("[role=combobox]")]) field.value = "";
  choose(null);
}

// Words that overlap those before are the same choice, made more exact: what was typed for it stays.
function show({ start, end, words }, range) {
  const form = picker();
  const before = form.elements;
  const same = !form.hidden && before.start.value !== "" && start < Number(before.end.value) && end > Number(before.start.value);
  if (!same && !refused) clear(form);
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.querySelector(".picked").textContent = `${say("选中：", "Chosen: ")}${words.trim()}`;
  form.hidden = false;
  find();
  if (!same) uncover(form, range);
}

// The picker lies over the text: the last of the chosen words is to stand above it.
function uncover(form, range) {
  const lines = [...range.getClientRects()];
  if (!lines.length) return;
  const covered = lines.at(-1).bottom + 8 - form.getBoundingClientRect().top;
  const room = lines[0].top - 80; // the first of them stays below the head of the page
  if (Math.min(covered, room) > 0) scrollBy({ top: Math.min(covered, room), behavior: "instant" });
}

function paint(range) {
  if (window.Highlight && CSS.highlights) CSS.highlights.set("chosen-words", new Highlight(range));
}

function close() {
  const form = picker();
  if (!form || form.hidden) return;
  form.hidden = true;
  refused = false;
  clear(form);
  CSS.highlights?.delete("chosen-words");
  (from?.isConnected ? from : null)?.focus({ preventScroll: true });
  from = null;
}

function look() {
  const chosen = getSelection();
  if (!picker() || !chosen.rangeCount || chosen.isCollapsed) return;
  const range = chosen.getRangeAt(0);
  if (!range.intersectsNode(text()) || picker().contains(document.activeElement)) return;
  const place = placeOf(range);
  if (!place) return;
  from = null;
  paint(range.cloneRange());
  show(place, range);
}

const options = () => [...picker().querySelectorAll("[role=option]")];
const shown = () => options().filter((option) => !option.hidden);
const active = () => shown().find((option) => option.getAttribute("aria-selected") === "true");

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  const search = picker().querySelector("[role=combobox]");
  if (option) search.setAttribute("aria-activedescendant", option.id);
  else search.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

// Every word that was typed stands somewhere in the name of the code or of its theme.
function find() {
  const typed = picker().querySelector("[role=combobox]").value.trim().toLowerCase();
  const wanted = typed.split(/\s+/).filter(Boolean);
  for (const option of options()) {
    const name = option.textContent.toLowerCase();
    option.hidden = !wanted.every((word) => name.includes(word));
  }
  const found = shown();
  const named = (fits) => found.find((option) => fits(option.dataset.name.toLowerCase()));
  choose(typed ? (named((name) => name === typed) ?? named((name) => name.startsWith(typed)) ?? found[0]) : active());
  picker().querySelector("[data-none]").hidden = found.length > 0;
}

function apply(option) {
  if (!option) return picker().querySelector("[role=combobox]").focus();
  picker().elements.code.value = option.dataset.code;
  picker().requestSubmit();
}

function step(by) {
  const found = shown();
  if (!found.length) return;
  const here = found.indexOf(active());
  choose(found[here < 0 ? (by > 0 ? 0 : found.length - 1) : (here + by + found.length) % found.length]);
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(look, AGAIN);
}

// While the pointer is down nothing opens under it, or the selection would run into it.
document.addEventListener("pointerdown", (event) => {
  clearTimeout(waiting);
  press = event.target;
  if (event.pointerType === "mouse" && press.closest("[data-coding]")) picker()?.classList.add("aside");
});

for (const name of ["pointerup", "pointercancel"])
  document.addEventListener(name, () => {
    const began = press;
    press = null;
    picker()?.classList.remove("aside");
    if (changed && !began?.closest("[data-picker]")) soon();
    changed = false;
  });

document.addEventListener("selectionchange", () => {
  if (press) changed = true;
  else soon();
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-picker] [role=combobox]")) find();
});

document.addEventListener("click", (event) => {
  const option = event.target.closest("[data-picker] [role=option]");
  if (option) return apply(option);
  const summary = event.target.closest("[data-whole] > summary");
  if (!summary || !picker()) return;
  event.preventDefault();
  const { start, end } = summary.parentElement.querySelector("form").elements;
  const words = document.createRange();
  words.selectNodeContents(summary.closest(".passage").querySelector("p"));
  getSelection().removeAllRanges();
  paint(words);
  show({ start: Number(start.value), end: Number(end.value), words: words.toString() }, words);
  from = summary;
  picker().querySelector("[role=combobox]").focus();
});

document.addEventListener("keydown", (event) => {
  const form = picker();
  if (!form || form.hidden || event.isComposing || event.keyCode === 229) return;
  const search = form.querySelector("[role=combobox]");
  if (event.key === "Escape") close();
  else if (event.target === search && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.target === search && event.key === "Enter") {
    event.preventDefault();
    apply(active());
  } else if (event.target.name === "memo" && event.key === "Enter" && form.contains(event.target)) {
    event.preventDefault();
    search.focus();
  } else if (event.target === document.body && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) search.focus();
});

// The part comes anew with every mark: what was open is closed, and the keyboard stands where it stood.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest("#work")) from = from ?? event.target.closest("[data-whole]")?.querySelector("summary") ?? null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "work" && event.target.id !== "work") return;
  CSS.highlights?.delete("chosen-words");
  const marks = document.querySelectorAll("#work .marks > li").length;
  const notice = document.querySelector("#work [role=alert]");
  document.querySelector("[data-said]").textContent = notice?.textContent.trim() ?? say(`已保存，这里有 ${marks} 处标注`, `Saved. ${marks} marked here`);
  refused = Boolean(notice && picker() && !picker().hidden);
  if (refused) find();
  const back = from && document.getElementById(from.id);
  from = null;
  if (back && document.activeElement === document.body) back.focus({ preventScroll: true });
});
