// <step-pair>: the two numbers become large +1 buttons with a small way back.
const { say } = window.words;

const MINUS = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12h14"/></svg>';

class StepPair extends HTMLElement {
  connectedCallback() {
    if (this.classList.contains("live")) return;
    this.classList.add("live");
    for (const step of this.querySelectorAll(".step")) this.enliven(step);
  }

  enliven(step) {
    const input = step.querySelector("input");
    const name = step.querySelector("label").textContent.trim();
    const add = Object.assign(document.createElement("button"), { type: "button", className: "step-add" });
    const less = Object.assign(document.createElement("button"), { type: "button", className: "step-less", innerHTML: MINUS });
    less.setAttribute("aria-label", say(`${name}减一次`, `One ${name.toLowerCase()} less`));
    input.tabIndex = -1;
    input.setAttribute("aria-hidden", "true");
    const most = Number(input.max) || 999;
    const show = () => {
      const count = Number(input.value) || 0;
      const small = Object.assign(document.createElement("small"), { className: "num", textContent: say(`${count} 次`, `${count} ×`) });
      add.replaceChildren(Object.assign(document.createElement("span"), { textContent: `${name} +1` }), small);
      less.hidden = !count;
      step.classList.toggle("some", count > 0);
    };
    const change = (by) => {
      input.value = Math.min(most, Math.max(0, (Number(input.value) || 0) + by));
      input.dispatchEvent(new Event("input", { bubbles: true }));
      if (!Number(input.value)) add.focus();
    };
    add.addEventListener("click", () => change(1));
    less.addEventListener("click", () => change(-1));
    input.addEventListener("input", show);
    step.append(add, less);
    show();
  }
}

customElements.define("step-pair", StepPair);
