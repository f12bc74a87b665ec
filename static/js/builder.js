// The builder: a question is moved by hand or by keyboard, buttons redraw without a reload, the phone follows. It all works without.
const { say, token } = window.words;
const WAIT = 500;
const holder = () => document.querySelector(".builder");
const form = () => document.getElementById("builder");
const told = (text) => (document.getElementById("builder-said").textContent = text);

async function redraw(what, focus) {
  const data = new FormData(form());
  data.set("do", what);
  const open = [...document.querySelectorAll(".builder details[open]")].map((one) => one.closest("[data-row]")?.dataset.row);
  const focused = document.activeElement;
  holder().inert = true; // what were typed now would be lost with the old fields
  let page;
  try {
    const answer = await fetch(location.href, { method: "POST", body: data });
    if (!answer.ok && answer.status !== 422) throw new Error();
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    holder().inert = false;
    focused?.focus();
    told(say("没有网络，刚才那一步没有做", "No connection: nothing was done"));
    return;
  }
  const fresh = page.querySelector(".builder");
  if (!fresh) return location.reload();
  holder().replaceWith(document.adoptNode(fresh));
  for (const row of open) document.querySelector(`[data-row="${CSS.escape(row ?? "")}"] details`)?.setAttribute("open", "");
  for (const said of page.querySelectorAll("#notices .toast")) document.getElementById("notices")?.append(document.adoptNode(said));
  enliven();
  const target = focus?.() ?? form().querySelector("[autofocus]");
  target?.focus();
}

let timer;
async function follow() {
  const place = document.getElementById("builder-preview");
  const data = new FormData(form());
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  try {
    const answer = await fetch(place.dataset.preview, { method: "POST", body: data, headers: { "X-CSRFToken": token() } });
    if (answer.ok) place.innerHTML = await answer.text();
  } catch {
    // The phone shows what it showed; the next change tries again.
  }
}
const later = () => {
  clearTimeout(timer);
  timer = setTimeout(follow, WAIT);
};

const rows = () => [...document.querySelectorAll(".builder-question")];
function renumber() {
  rows().forEach((row, place) => (row.querySelector("h2 .num").textContent = place + 1));
  later();
}

// Moving a question moves its fields, and the order of the fields is what is kept.
function move(row, by) {
  const all = rows();
  const to = all.indexOf(row) + by;
  if (to < 0 || to >= all.length) return;
  const focused = document.activeElement;
  if (by < 0) all[to].before(row);
  else all[to].after(row);
  focused?.focus();
  renumber();
  told(say(`现在是第 ${to + 1} 题`, `Now question ${to + 1}`));
}

function enliven() {
  const list = document.getElementById("questions");
  list.classList.add("sortable");
  window.Sortable.create(list, { draggable: ".builder-question", handle: ".builder-handle", animation: 160, forceFallback: true, onEnd: renumber });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="do"]');
  if (!button || button.form !== form() || button.value === "save") return;
  event.preventDefault();
  const [verb, row] = button.value.split(":");
  if (verb === "up" || verb === "down") return move(document.getElementById(`row-${row}`), verb === "up" ? -1 : 1);
  redraw(button.value);
});
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.(".builder-question");
  if (!row) return;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(row, event.key === "ArrowUp" ? -1 : 1);
  }
  const option = event.target.closest(".builder-option");
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input:not([type=file], [type=checkbox])")) return;
  event.preventDefault();
  const last = option && option === row.querySelector(".builder-option:nth-last-of-type(1)");
  if (option && (last || !option.nextElementSibling?.matches(".builder-option")))
    redraw(`more:${row.dataset.row}`, () => document.querySelector(`#row-${row.dataset.row} .builder-option:nth-last-child(2) .input`));
  else option?.nextElementSibling?.querySelector(".input")?.focus();
});
document.addEventListener("input", (event) => event.target.form === form() && later());
document.addEventListener("change", (event) => event.target.matches("[data-redraw]") && redraw("refresh", () => document.getElementById(event.target.id)));
enliven();
