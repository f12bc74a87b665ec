// What is typed stays in this browser until the server has it: over a reload, a closed tab, a lost sign-in.
const { say } = window.words;
const PREFIX = "draft:";
const KEEP_DAYS = 30;

const stored = (key) => {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
};

function store(key, values) {
  try {
    const empty = Object.values(values).every((value) => !String(value).trim());
    if (empty) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values }));
    return !empty;
  } catch {
    return false;
  }
}

const PRIVATE = new Set(["password", "file", "hidden", "submit", "button", "reset"]);
const fieldsOf = (holder) =>
  (holder.matches("form") ? [...holder.elements] : [holder]).filter((field) => field.name && !PRIVATE.has(field.type));

function read(holder) {
  const values = {};
  for (const field of fieldsOf(holder)) {
    if (field.type === "checkbox" || field.type === "radio") {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else values[field.name] = field.value;
  }
  return values;
}

function write(holder, values) {
  let changed = false;
  for (const field of fieldsOf(holder)) {
    if (!(field.name in values)) continue;
    const value = values[field.name];
    if (Array.isArray(value)) {
      const on = value.includes(field.value);
      if (field.checked !== on) [field.checked, changed] = [on, true];
    } else if (field.value !== value && value) [field.value, changed] = [value, true];
    else continue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return changed;
}

function stateOf(holder) {
  return holder.closest(".editor")?.querySelector("[data-draft-state]") ?? holder.closest("form")?.querySelector("[data-draft-state]");
}

function tell(holder, text) {
  const state = stateOf(holder);
  if (state) state.textContent = text;
}

function offerWayBack(holder, key) {
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: say("不要了", "Drop it") });
  drop.addEventListener("click", () => {
    for (const field of fieldsOf(holder)) {
      if ("checked" in field) field.checked = field.defaultChecked;
      if ("defaultValue" in field && field.type !== "checkbox" && field.type !== "radio") field.value = field.defaultValue;
      for (const option of field.options ?? []) option.selected = option.defaultSelected;
    }
    clear(key);
  });
  stateOf(holder)?.append(" ", drop);
}

function keep(holder) {
  if (holder.dataset.keeping) return;
  holder.dataset.keeping = "1";
  const key = holder.dataset.draft;
  const draft = stored(key);
  // What the server gave back after an error, or read in a file, is newer than what this browser kept.
  const answered = holder.closest("form")?.querySelector(".errors, [aria-invalid=true], [data-newer]");
  if (draft && !answered && Date.now() - draft.at < KEEP_DAYS * 864e5 && write(holder, draft.values)) {
    tell(holder, say("找回了上次没发出的内容", "Brought back what you had not sent"));
    offerWayBack(holder, key);
  }
  let timer;
  const save = () => {
    clearTimeout(timer);
    if (document.contains(holder) && store(key, read(holder))) {
      const time = new Date().toTimeString().slice(0, 5);
      tell(holder, say(`${time} 已存在本机`, `Kept on this device at ${time}`));
    } else tell(holder, "");
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, 500);
  };
  holder.addEventListener("input", later);
  holder.addEventListener("change", later);
  // Stored as it is sent: what the server takes, it names, and a page that is left may not bring it back.
  (holder.form ?? holder).addEventListener("submit", () => {
    clearTimeout(timer);
    if (timer) store(key, read(holder));
    timer = 0;
  });
  addEventListener("pagehide", () => timer && document.contains(holder) && store(key, read(holder)));
}

function clear(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    return;
  }
  for (const holder of document.querySelectorAll(`[data-draft="${CSS.escape(key)}"]`)) tell(holder, "");
}

// The server names in a cookie what it has taken, whatever page it answered with.
function taken() {
  const done = document.cookie.match(/(?:^|; )draft_done=([^;]+)/);
  if (!done) return;
  document.cookie = "draft_done=; path=/; max-age=0; samesite=lax";
  decodeURIComponent(done[1]).split(" ").forEach(clear);
}

function look(root) {
  taken();
  for (const done of root.querySelectorAll("[data-draft-done]")) done.dataset.draftDone.split(" ").forEach(clear);
  root.querySelectorAll("[data-draft]").forEach(keep);
}

// A sign-out on a shared device takes the drafts along, also those of long texts as they were named before.
function forgetAll() {
  for (const key of Object.keys(localStorage)) if (/^(draft|writing):/.test(key)) localStorage.removeItem(key);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches('[action*="logout"]')) return;
  forgetAll();
  addEventListener("pagehide", forgetAll); // a page that still holds words writes nothing back
});
document.addEventListener("formdata", (event) => {
  const form = event.target;
  for (const holder of document.querySelectorAll("[data-draft]"))
    if (holder === form || holder.form === form) event.formData.append("draft_sent", holder.dataset.draft);
});
document.addEventListener("htmx:load", (event) => look(event.target.parentElement ?? document));
document.addEventListener("draft:done", (event) => clear(event.detail.value ?? event.detail));
look(document);
