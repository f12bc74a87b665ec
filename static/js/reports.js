/* The capture form: how complete the record is while it is being made, and only what a stance needs. Nothing here is needed to send. */

const NEEDED = [
  (form) => form.querySelector("[name=vehicle]:checked"),
  (form) => form.querySelector("[name=function]:checked") || form.elements.function_other?.value,
  (form) => form.elements.occurred_at?.value,
  (form) => form.querySelector("[name=failure_mode]:checked"),
  (form) => Number(form.elements.failures?.value) || Number(form.elements.successes?.value),
  (form) => form.querySelectorAll("[name^=cond_]:checked").length >= 2,
  (form) => form.querySelector("[name=signals]:checked") || form.elements.signals_other?.value,
  (form) => form.querySelector("[name=venue]:checked") || form.elements.district?.value,
  (form) => (form.elements.narrative?.value || "").trim().length >= 8,
  (form) => form.elements.new_uploads?.files?.length || form.querySelector("[name=uploads]"),
];

class ReportCompleteness extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.form.addEventListener("input", () => this.draw());
    this.form.addEventListener("change", () => this.draw());
    document.addEventListener("htmx:afterSwap", () => this.draw());
    this.hidden = false;
    this.draw();
  }

  draw() {
    const done = NEEDED.filter((there) => there(this.form)).length;
    const dots = this.querySelector(".dots");
    dots.replaceChildren(...NEEDED.map((_, place) => {
      const dot = document.createElement("i");
      dot.className = place < done ? "on" : "";
      return dot;
    }));
    this.querySelector("[data-said]").textContent = `${done} / ${NEEDED.length}`;
  }
}
customElements.define("report-completeness", ReportCompleteness);

function showForStance(form) {
  const stance = form.querySelector("[name=stance]:checked")?.value || "same";
  for (const part of form.querySelectorAll("[data-for-stance]")) {
    part.hidden = !part.dataset.forStance.split(" ").includes(stance);
    if (!part.hidden && stance === "workaround") part.open = true;
  }
}

for (const form of document.querySelectorAll("form.corroborate")) {
  form.addEventListener("change", () => showForStance(form));
  showForStance(form);
}
