// Answering: what is typed is kept as one goes, questions follow from answers, an order is tapped. Nothing here is needed to send.
const { say } = window.words;
const WAIT = 700;

const valuesOf = (question) =>
  [...question.querySelectorAll("input:checked, input[type=text]")]
    .filter((field) => field.name === `q-${question.dataset.question}` && field.value && field.value !== "cannot_judge")
    .map((field) => field.value);

function isMet(condition, question) {
  if (!question || question.disabled) return false;
  const given = valuesOf(question);
  if (!given.length) return false;
  if ("at_least" in condition) return Number(given[0]) >= condition.at_least;
  if ("at_most" in condition) return Number(given[0]) <= condition.at_most;
  const wanted = new Set([condition.is ?? condition.in ?? condition.not].flat().map(String));
  const met = given.some((value) => wanted.has(value));
  return "not" in condition ? !met : met;
}

// A question that looks at another page was decided by the server.
function follow(form) {
  for (const question of form.querySelectorAll("[data-show-if]")) {
    const condition = JSON.parse(question.dataset.showIf);
    const other = form.querySelector(`[data-question="${CSS.escape(condition.key)}"]`);
    if (!other) continue;
    question.disabled = question.hidden = !isMet(condition, other);
  }
}

function onlyOneWay(field) {
  const question = field.closest(".question");
  if (!field.checked || field.type !== "checkbox" || field.name !== `q-${question.dataset.question}`) return;
  for (const other of question.querySelectorAll(`input[type=checkbox][name="${CSS.escape(field.name)}"]`)) {
    if (other !== field && ("alone" in field.dataset || "alone" in other.dataset)) other.checked = false;
  }
  const most = Number(question.dataset.most) || Infinity;
  if (question.querySelectorAll(`input[name="${CSS.escape(field.name)}"]:checked`).length > most) {
    field.checked = false;
    question.querySelector("[data-limit]")?.classList.add("warn-ink");
  }
}

function tell(form, text, bad = false) {
  const place = form.querySelector("[data-saved]");
  place.textContent = text;
  place.classList.toggle("bad", bad);
}

class Autosave {
  constructor(form) {
    this.form = form;
    form.addEventListener("input", (event) => event.target.type !== "file" && this.later());
    form.addEventListener("submit", () => clearTimeout(this.timer));
    addEventListener("online", () => this.missed && this.save());
    addEventListener("pagehide", () => this.timer && !this.sent && this.save(true));
    form.addEventListener("submit", () => (this.sent = true));
    addEventListener("pageshow", () => (this.sent = false));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), WAIT);
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    this.timer = 0;
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("go", "save");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: data, keepalive: leaving });
      this.missed = false;
      if (answer.status === 204) tell(this.form, say(`${new Date().toTimeString().slice(0, 5)} 已保存`, `Kept at ${new Date().toTimeString().slice(0, 5)}`));
      else if (answer.status === 409) tell(this.form, await answer.text(), true);
      else tell(this.form, say("没能保存，请重新登录后再试", "Not kept. Please sign in again."), true);
    } catch {
      this.missed = true;
      tell(this.form, say("没有网络，恢复后会自动保存", "No connection. It is kept as soon as there is one."), true);
    }
  }
}

class Ranking {
  constructor(list) {
    this.list = list;
    this.rows = [...list.querySelectorAll(".rank")].map((label) => this.enliven(label));
    const question = list.closest(".question");
    question.querySelector("[data-plain]").hidden = true;
    question.querySelector("[data-tapped]").hidden = false;
    this.order = this.rows.filter((row) => row.select.value).sort((a, b) => a.select.value - b.select.value);
    this.draw();
  }

  enliven(label) {
    const select = label.querySelector("select");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "rank-button" });
    const badge = document.createElement("i");
    button.append(badge, label.querySelector("span"));
    select.hidden = true;
    label.replaceWith(button);
    button.after(select);
    const row = { select, button, badge };
    button.addEventListener("click", () => this.tap(row));
    return row;
  }

  tap(row) {
    if (this.order.includes(row)) this.order = this.order.filter((one) => one !== row);
    else {
      this.order.push(row);
      const left = this.rows.filter((one) => !this.order.includes(one));
      if (left.length === 1) this.order.push(left[0]);
    }
    this.draw();
    row.select.dispatchEvent(new Event("input", { bubbles: true }));
  }

  draw() {
    for (const row of this.rows) {
      const place = this.order.indexOf(row) + 1;
      row.select.value = place || "";
      row.badge.textContent = place || "";
      row.button.setAttribute("aria-pressed", String(place > 0));
    }
  }
}

// A page of one tap goes on by itself, after a tap and not after an arrow key.
function goesOn(form) {
  const questions = [...form.querySelectorAll(".question")];
  const next = form.querySelector("button[value=next]");
  if (questions.length !== 1 || !next || !("autosave" in form.dataset)) return;
  if (!["single", "image", "rating", "nps"].includes(questions[0].dataset.type)) return;
  let tapped = false;
  questions[0].addEventListener("pointerup", () => (tapped = true));
  questions[0].addEventListener("keydown", () => (tapped = false));
  questions[0].addEventListener("change", (event) => {
    if (!tapped || event.target.type !== "radio" || "words" in event.target.dataset) return;
    setTimeout(() => form.requestSubmit(next), 220);
  });
}

for (const form of document.querySelectorAll(".survey-form")) {
  form.addEventListener("change", (event) => {
    if (event.target.closest(".question")) onlyOneWay(event.target);
    follow(form);
  });
  form.addEventListener("input", () => follow(form));
  follow(form);
  form.querySelectorAll(".ranking").forEach((list) => new Ranking(list));
  if ("autosave" in form.dataset) new Autosave(form);
  goesOn(form);
}
document.querySelector("[data-focus]")?.focus();
