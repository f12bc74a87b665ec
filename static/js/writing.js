// A long text saves itself: to the server after every pause, and in this browser until the server has it.
const { say, token } = window.words;
const PREFIX = "draft:writing:"; // draft.js clears it, of what was given and of who signs out
const PAUSE = 1500; // after the last key
const AGAIN = 15_000; // when the server could not be reached
const LONGEST_WAIT = 10_000; // of giving for a save that is under way
const WORD = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3fffd}]|(?:(?![\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3fffd}])[\p{L}\p{N}])+/gu;

class Writing {
  constructor(form) {
    this.form = form;
    this.key = PREFIX + form.dataset.writing;
    this.fields = form.elements;
    this.outlines = document.querySelectorAll("[data-outline]");
    this.noHeading = this.outlines[0]?.firstElementChild;
    this.state = form.querySelector("[data-saved]");
    this.words = form.querySelector("[data-words]");
    this.clash = form.querySelector(".clash");
    this.saved = this.text(); // what the server has, as the manuscript or laid aside
    for (const name of ["title", "body"]) this.fields[name].addEventListener("input", () => this.typed());
    form.addEventListener("submit", (event) => this.leave(event));
    addEventListener("pagehide", () => this.keep());
    addEventListener("pageshow", (event) => event.persisted && this.sent && this.comeBack());
    addEventListener("online", () => this.save());
    this.begin(JSON.parse(form.querySelector("#held")?.textContent ?? "null"));
    this.look();
  }

  // `held`: the words that the server has where the page shows others, and from where those were written if the two met.
  begin(held) {
    if (!held) return this.bringBack();
    if (!held.from) {
      this.saved = JSON.stringify([held.title, held.body]);
      return this.typed();
    }
    this.comesFrom(held.from);
    this.show(held, this.text());
  }

  text() {
    return JSON.stringify([this.fields.title.value, this.fields.body.value]);
  }

  values() {
    const { title, body, version, revision } = this.fields;
    return { title: title.value, body: body.value, version: version.value, revision: revision.value };
  }

  comesFrom({ version, revision }) {
    [this.fields.version.value, this.fields.revision.value] = [version, revision];
  }

  typed() {
    this.keep();
    this.look();
    this.later(PAUSE);
  }

  later(wait) {
    clearTimeout(this.timer);
    if (!this.sent) this.timer = setTimeout(() => this.save(), wait);
  }

  // What the server does not have yet lies here, with what it was written from.
  keep() {
    try {
      if (this.text() === this.saved) return localStorage.removeItem(this.key);
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), ...this.values() }));
    } catch {
      // A browser that keeps nothing: the server does.
    }
  }

  // Words that this browser kept go on from where they were written; whether the server has gone on meanwhile, it says itself.
  bringBack() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.key));
    } catch {
      // Nothing that could be read.
    }
    const { title, body, version, revision } = this.fields;
    if (!kept || "newer" in this.form.dataset || (kept.title === title.value && kept.body === body.value)) return;
    const values = { title: kept.title, body: kept.body, version: kept.version, revision: kept.revision };
    // Another text was asked for: what was kept goes to the server beside it.
    if (new URLSearchParams(location.search).has("from")) return this.inTurn(() => this.send(values));
    [title.value, body.value, version.value, revision.value] = Object.values(values);
    body.dispatchEvent(new Event("input", { bubbles: true }));
    this.say(say("找回了上次还没存上的内容", "Brought back what had not been saved"));
  }

  save(anyhow = false) {
    const wanted = () => !this.sent && (anyhow || this.text() !== this.saved);
    return wanted() ? this.inTurn(() => wanted() && this.send(this.values(), this.text())) : null;
  }

  // One after the other: each goes on from the revision that the one before made.
  inTurn(work) {
    const turn = Promise.resolve(this.saving).then(work);
    this.saving = turn;
    return turn.finally(() => this.saving === turn && (this.saving = null));
  }

  async send(values, text = this.saved) {
    let answer;
    try {
      answer = await fetch(this.form.dataset.save, {
        method: "POST",
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        body: new URLSearchParams(values),
        redirect: "error",
      });
    } catch {
      return this.again(say("没有网络，先存在这台设备上", "No network; kept on this device"));
    }
    let said = {};
    try {
      said = await answer.json();
    } catch {
      // The status alone says enough.
    }
    if (answer.ok) return this.done(said, text);
    if (answer.status === 409 && "body" in said) return this.show(said, text);
    if (answer.status === 401 || answer.status === 403) return this.again(said.detail ?? say("登录已过期。文字存在这台设备上，请在另一个标签页登录后继续写。", "You are signed out. Your text is kept on this device; sign in in another tab and write on."));
    this.again(said.detail ?? say("还没有存上，稍后再试", "Not saved yet; trying again"));
  }

  done(said, text) {
    this.saved = text;
    this.goOnFrom(said);
    history.replaceState(history.state, "", location.pathname); // `?from=` would bring the older text once more
    const time = new Date().toTimeString().slice(0, 5);
    this.say(say(`${time} 已保存`, `Saved at ${time}`));
  }

  goOnFrom(said) {
    this.comesFrom(said);
    this.other = null;
    this.clash.hidden = true;
    this.keep();
  }

  again(sentence) {
    this.keep();
    this.say(sentence, true);
    this.later(AGAIN);
  }

  // The server has something newer, and laid `text` aside. Until the writer says which one goes on, so it does with what follows.
  show(said, text) {
    [this.other, this.saved] = [said, text];
    this.keep();
    const head = document.createElement("b");
    head.textContent = say("另一处有更新的文字", "There is a newer text");
    const words = document.createElement("p");
    words.textContent = say("你在这里写的已经另存，没有丢。选一份继续写：", "What you wrote here is kept beside it. Choose which one goes on:");
    const title = document.createElement("b");
    title.textContent = said.title || say("（还没有标题）", "(no title yet)");
    const other = document.createElement("pre");
    other.append(title, `\n${said.body}`);
    const row = document.createElement("div");
    row.className = "row";
    row.append(
      this.button(say("用更新的那份", "Take the newer one"), () => this.takeNewer()),
      this.button(say("用我这份", "Keep mine"), () => this.keepMine()),
    );
    this.clash.replaceChildren(head, words, other, row);
    if (this.clash.hidden) this.point();
    this.say(say("有两份文字，等你选", "Two texts; please choose"), true);
  }

  point() {
    this.clash.hidden = false;
    this.clash.scrollIntoView({ block: "nearest" });
  }

  // What was typed since the notice came is laid aside first; where that cannot be done, nothing is taken away.
  async takeNewer() {
    await this.save();
    if (!this.other || this.text() !== this.saved) return;
    const { title, body } = this.other;
    [this.fields.title.value, this.fields.body.value] = [title, body];
    this.saved = this.text();
    this.goOnFrom(this.other);
    this.goOn();
  }

  // Mine is what stands here now, not what stood here when the notice came.
  keepMine() {
    this.saved = JSON.stringify([this.other.title, this.other.body]);
    this.goOnFrom(this.other);
    this.goOn();
    this.save();
  }

  goOn() {
    this.say("");
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

  // The form itself is sent now, from the revision that a save under way makes: giving waits for it, and for who has to choose.
  leave(event) {
    if (event.defaultPrevented) return;
    if (this.other) {
      event.preventDefault();
      return this.point();
    }
    clearTimeout(this.timer);
    if (this.saving && !this.waited) return this.hold(event);
    [this.sent, this.waited] = [true, false];
    // Still here after a while: it did not go through.
    this.timer = setTimeout(() => this.comeBack(), AGAIN);
  }

  async hold(event) {
    event.preventDefault();
    if (this.holding) return;
    this.holding = true;
    event.submitter?.setAttribute("aria-busy", "true");
    await Promise.race([this.saving, new Promise((go) => setTimeout(go, LONGEST_WAIT))]);
    event.submitter?.removeAttribute("aria-busy");
    [this.holding, this.waited] = [false, true];
    this.form.requestSubmit(event.submitter);
  }

  // Back on a page that was sent: its text is asked after even if it is the same, so that it goes on from what was given.
  comeBack() {
    clearTimeout(this.timer);
    this.sent = false;
    this.save(true);
  }

  look() {
    const count = this.fields.body.value.match(WORD)?.length ?? 0;
    this.words.textContent = say(`${count} 字`, count === 1 ? "1 word" : `${count} words`);
    const found = [...this.fields.body.value.matchAll(/^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*$/gm)];
    const top = Math.min(...found.map((one) => one[1].length));
    const row = (one) => {
      const item = document.createElement("li");
      item.className = `level-${Math.min(4, one[1].length - top + 1)}`;
      const link = Object.assign(document.createElement("a"), { href: "#", textContent: one[2] });
      link.addEventListener("click", (event) => [event.preventDefault(), this.go(one.index)]);
      item.append(link);
      return item;
    };
    for (const outline of this.outlines) outline.replaceChildren(...(found.length ? found.map(row) : [this.noHeading.cloneNode(true)]));
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
