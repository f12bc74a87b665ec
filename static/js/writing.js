// A long text saves itself: to the server after every pause, and in this browser until the server has it.
const { say, token } = window.words;
const PREFIX = "writing:";
const PAUSE = 1500; // after the last key
const AGAIN = 15_000; // when the server could not be reached
const WORD = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3fffd}]|(?:(?![\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3fffd}])[\p{L}\p{N}])+/gu;

class Writing {
  constructor(form) {
    this.form = form;
    this.key = PREFIX + form.dataset.writing;
    this.fields = form.elements;
    this.outline = document.querySelector("[data-outline]");
    this.state = form.querySelector("[data-saved]");
    this.words = form.querySelector("[data-words]");
    this.clash = form.querySelector(".clash");
    this.saved = this.text();
    this.bringBack();
    this.look();
    for (const name of ["title", "body"]) this.fields[name].addEventListener("input", () => this.typed());
    form.addEventListener("submit", () => this.leave());
    addEventListener("pagehide", () => this.keep());
    addEventListener("online", () => this.save());
  }

  text() {
    return JSON.stringify([this.fields.title.value, this.fields.body.value]);
  }

  typed() {
    this.keep();
    this.look();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // What the server does not have yet lies here, with what it was written from.
  keep() {
    try {
      if (this.text() === this.saved) return localStorage.removeItem(this.key);
      const { title, body, version, revision } = this.fields;
      const kept = { at: Date.now(), sent: this.sent, title: title.value, body: body.value, version: version.value, revision: revision.value };
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing: the server does.
    }
  }

  bringBack() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.key));
    } catch {
      // Nothing that could be read.
    }
    if (!kept || this.form.querySelector(".errors")) return;
    const { title, body, version, revision } = this.fields;
    // It was sent with the form, and the server went on from there.
    if (kept.sent && kept.version !== version.value) return this.keep();
    if (kept.title === title.value && kept.body === body.value) return this.keep();
    if (kept.version === version.value && kept.revision === revision.value) {
      [title.value, body.value] = [kept.title, kept.body];
      body.dispatchEvent(new Event("input", { bubbles: true }));
      this.say(say("找回了上次还没存上的内容", "Brought back what had not been saved"));
      this.typed();
    } else this.send(kept);
  }

  async save() {
    if (this.text() === this.saved || this.sent) return;
    if (this.sending) return void (this.waiting = true);
    const { title, body, version, revision } = this.fields;
    this.sending = true;
    await this.send({ title: title.value, body: body.value, version: version.value, revision: revision.value }, this.text());
    this.sending = false;
    if (this.waiting) [this.waiting] = [false, this.save()];
  }

  async send(values, text) {
    let answer;
    try {
      answer = await fetch(this.form.dataset.save, {
        method: "POST",
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        body: new URLSearchParams({ title: values.title, body: values.body, version: values.version, revision: values.revision }),
        redirect: "error",
      });
    } catch {
      return this.later(say("没有网络，先存在这台设备上", "No network; kept on this device"));
    }
    let said = {};
    try {
      said = await answer.json();
    } catch {
      // The status alone says enough.
    }
    if (answer.ok) return this.done(said, text);
    if (answer.status === 409 && "body" in said) return this.show(said, values);
    if (answer.status === 401 || answer.status === 403) return this.later(said.detail ?? say("登录已过期。文字存在这台设备上，请在另一个标签页登录后继续写。", "You are signed out. Your text is kept on this device; sign in in another tab and write on."));
    this.later(said.detail ?? say("还没有存上，稍后再试", "Not saved yet; trying again"));
  }

  done(said, text) {
    [this.fields.version.value, this.fields.revision.value] = [said.version, said.revision];
    if (text) this.saved = text;
    this.keep();
    const time = new Date().toTimeString().slice(0, 5);
    this.say(say(`${time} 已保存`, `Saved at ${time}`));
  }

  later(sentence) {
    this.keep();
    this.say(sentence, true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), AGAIN);
  }

  // The server has something newer. Both are kept; the writer says which one goes on.
  show(said, mine) {
    clearTimeout(this.timer);
    const head = document.createElement("b");
    head.textContent = say("另一处有更新的文字", "There is a newer text");
    const words = document.createElement("p");
    words.textContent = say("你在这里写的已经另存，没有丢。选一份继续写：", "What you wrote here is kept beside it. Choose which one goes on:");
    const other = document.createElement("pre");
    other.textContent = said.body;
    const row = document.createElement("div");
    row.className = "row";
    row.append(
      this.button(say("用更新的那份", "Take the newer one"), () => this.choose(said, said)),
      this.button(say("用我这份", "Keep mine"), () => this.choose(said, mine)),
    );
    this.clash.replaceChildren(head, words, other, row);
    this.clash.hidden = false;
    this.clash.scrollIntoView({ block: "nearest" });
    this.say(say("有两份文字，等你选", "Two texts; please choose"), true);
  }

  choose(said, wanted) {
    [this.fields.version.value, this.fields.revision.value] = [said.version, said.revision];
    this.saved = JSON.stringify([said.title, said.body]);
    [this.fields.title.value, this.fields.body.value] = [wanted.title, wanted.body];
    this.clash.hidden = true;
    this.fields.body.dispatchEvent(new Event("input", { bubbles: true }));
    this.fields.body.focus();
  }

  button(words, press) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: words });
    button.addEventListener("click", press);
    return button;
  }

  say(words, wrong = false) {
    this.state.textContent = words;
    this.state.classList.toggle("wrong", wrong);
  }

  // The form itself is sent now: what it holds is in good hands, and comes back with it if something is wrong.
  leave() {
    clearTimeout(this.timer);
    this.sent = true;
  }

  look() {
    const count = this.fields.body.value.match(WORD)?.length ?? 0;
    this.words.textContent = say(`${count} 字`, count === 1 ? "1 word" : `${count} words`);
    if (!this.outline) return;
    const found = [...this.fields.body.value.matchAll(/^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*$/gm)];
    const top = Math.min(...found.map((one) => one[1].length));
    const rows = found.map((one) => {
      const item = document.createElement("li");
      item.className = `level-${Math.min(4, one[1].length - top + 1)}`;
      const link = Object.assign(document.createElement("a"), { href: "#", textContent: one[2] });
      link.addEventListener("click", (event) => [event.preventDefault(), this.go(one.index)]);
      item.append(link);
      return item;
    });
    if (rows.length) this.outline.replaceChildren(...rows);
  }

  go(at) {
    const area = this.fields.body;
    area.focus();
    area.setSelectionRange(at, at);
    const line = area.value.slice(0, at).split("\n").length;
    area.scrollTop = (line - 2) * parseFloat(getComputedStyle(area).lineHeight);
  }
}

for (const form of document.querySelectorAll("[data-writing]:has([data-saved])")) new Writing(form);
