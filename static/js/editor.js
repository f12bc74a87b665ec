// <rich-text>: toolbar, preview, and pictures that are pasted, dropped or chosen, with progress, cancel and another try.
const { say, token } = window.words;

const MARKS = {
  bold: { around: "**" },
  italic: { around: "*" },
  quote: { before: "> " },
  list: { before: "- " },
  heading: { before: "## " },
};

class RichText extends HTMLElement {
  connectedCallback() {
    if (this.area) return;
    this.area = this.querySelector("textarea");
    this.tools = this.querySelector(".editor-tools");
    this.look = this.querySelector("[data-look]");
    this.shown = this.querySelector(".editor-preview");
    this.files = this.querySelector(".editor-files");
    this.tools.hidden = false;
    this.tools.addEventListener("click", (event) => {
      const mark = event.target.closest("[data-mark]")?.dataset.mark;
      if (mark) this.mark(mark);
    });
    this.look.addEventListener("click", () => this.preview());
    this.area.addEventListener("input", () => this.grow());
    this.area.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.isComposing) return;
      const mark = { b: "bold", i: "italic", k: "link" }[event.key];
      if (mark) [event.preventDefault(), this.mark(mark)];
    });
    if (this.dataset.upload) this.takeFiles();
    this.grow();
  }

  grow() {
    if (!this.area.value || !this.area.offsetParent) return;
    const wanted = Math.min(this.area.scrollHeight + 2, innerHeight * 0.6);
    if (wanted > this.area.offsetHeight) this.area.rows = Math.ceil(wanted / 27);
  }

  insert(text, from = this.area.selectionStart, to = this.area.selectionEnd, select = "end") {
    this.area.setRangeText(text, from, to, select);
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  mark(name) {
    this.area.focus();
    const { selectionStart: from, selectionEnd: to, value } = this.area;
    const chosen = value.slice(from, to);
    if (name === "link") {
      const words = chosen || say("文字", "words");
      this.insert(`[${words}](https://)`, from, to);
      this.area.setSelectionRange(from + words.length + 3, from + words.length + 11);
      return;
    }
    if (name === "note") return this.footnote(to);
    const { around, before } = MARKS[name];
    if (around) {
      this.insert(around + chosen + around, from, to);
      this.area.setSelectionRange(from + around.length, to + around.length);
      return;
    }
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n");
    const on = lines.every((line) => line.startsWith(before));
    this.insert(lines.map((line) => (on ? line.slice(before.length) : before + line)).join("\n"), start, to);
  }

  footnote(at) {
    const numbers = [...this.area.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
    const sign = `[^${Math.max(0, ...numbers) + 1}]`;
    this.insert(sign, at, at);
    const end = this.area.value.length;
    this.insert(`${this.area.value.endsWith("\n") ? "\n" : "\n\n"}${sign}: `, end, end);
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
  }

  async preview() {
    const on = this.look.getAttribute("aria-pressed") !== "true";
    this.look.setAttribute("aria-pressed", String(on));
    this.look.textContent = on ? say("继续写", "Write on") : say("预览", "Preview");
    this.area.hidden = on;
    this.shown.hidden = !on;
    if (!on) return this.area.focus();
    const body = new URLSearchParams({ text: this.area.value });
    try {
      const answer = await fetch(this.dataset.preview, { method: "POST", body, headers: { "X-CSRFToken": token() }, redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      this.shown.innerHTML = (await answer.text()) || `<p class="faint">${say("还没有写字", "Nothing written yet")}</p>`;
    } catch {
      this.shown.textContent = say("现在看不到预览，文字没有丢。", "No preview just now; your words are safe.");
    }
  }

  takeFiles() {
    const box = this.querySelector(".editor-box");
    this.querySelector(".tool input")?.addEventListener("change", (event) => {
      [...event.target.files].forEach((file) => this.upload(file));
      event.target.value = "";
    });
    this.area.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])].filter((file) => /^(image|video)\//.test(file.type));
      if (files.length) [event.preventDefault(), files.forEach((file) => this.upload(file))];
    });
    for (const name of ["dragenter", "dragover"]) {
      box.addEventListener(name, (event) => {
        if ([...event.dataTransfer.types].includes("Files")) [event.preventDefault(), box.classList.add("over")];
      });
    }
    for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      const files = [...event.dataTransfer.files];
      if (files.length) [event.preventDefault(), files.forEach((file) => this.upload(file))];
    });
    this.closest("form")?.addEventListener("submit", (event) => {
      if (!this.files.querySelector("progress")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: say("图片还在上传，马上就好。", "A picture is still on its way; one moment."), kind: "info" } }));
    }, true);
  }

  upload(file, line = document.createElement("li")) {
    const name = file.name.replace(/\.[^.]*$/, "").replace(/[[\]()!\\]/g, "") || say("图片", "picture");
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const cancel = this.button(say("取消", "Cancel"), () => [request.abort(), line.remove()]);
    line.replaceChildren(Object.assign(document.createElement("span"), { className: "clip", textContent: file.name }), bar, cancel);
    this.files.append(line);
    const failed = (sentence) => {
      const words = Object.assign(document.createElement("span"), { className: "wrong grow", textContent: `${file.name}: ${sentence}` });
      const again = this.button(say("再试", "Again"), () => this.upload(file, line));
      line.replaceChildren(words, again, this.button(say("算了", "Drop it"), () => line.remove()));
    };
    const request = new XMLHttpRequest();
    request.open("POST", this.dataset.upload);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
    request.addEventListener("error", () => failed(say("网络断了", "no network")));
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // Not JSON: the status alone says enough.
      }
      if (request.status >= 300) return failed(answer.detail ?? answer.file?.[0] ?? say("没有传上去", "could not be stored"));
      line.remove();
      this.place(answer.kind === "video" ? `[▶ ${name}](${answer.url})` : `![${name}](${answer.url})`);
      this.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: answer }));
    });
    const body = new FormData();
    body.append("file", file, file.name || "paste.png");
    request.send(body);
  }

  place(text) {
    const at = this.area.selectionEnd;
    const before = at && this.area.value[at - 1] !== "\n" ? "\n\n" : "";
    this.insert(`${before}${text}\n`, at, at);
  }

  button(words, press) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: words });
    button.addEventListener("click", press);
    return button;
  }
}

customElements.define("rich-text", RichText);
