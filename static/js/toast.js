// Messages float, can be closed, and leave by themselves unless they are errors. Also: a line that says when there is no network.
const { say } = window.words;
const area = document.getElementById("notices");

const CLOSE = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m6 6 12 12M18 6 6 18"/></svg>';

function leave(toast) {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 200);
}

function dress(toast) {
  if (toast.dataset.dressed) return;
  toast.dataset.dressed = "1";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-btn";
  close.setAttribute("aria-label", say("关闭", "Close"));
  close.innerHTML = CLOSE;
  close.addEventListener("click", () => leave(toast));
  toast.append(close);
  if (toast.matches(".error, .warning, [data-sticky]")) return;
  let timer = setTimeout(() => leave(toast), 6000);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => leave(toast), 3000)));
  toast.addEventListener("focusin", () => clearTimeout(timer));
}

if (area) {
  area.classList.add("floating");
  area.querySelectorAll(".toast").forEach(dress);
  new MutationObserver(() => area.querySelectorAll(".toast").forEach(dress)).observe(area, { childList: true });

  document.addEventListener("toast", ({ detail }) => {
    const toast = document.createElement("div");
    toast.className = `toast ${detail.kind ?? "info"}`;
    const words = document.createElement("p");
    words.textContent = detail.text;
    toast.append(words);
    area.append(toast);
  });
}

const tell = (text, kind) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 401) tell(say("登录已过期，请重新登录。写下的文字还在。", "You were signed out. Sign in again; your words are still here."), "error");
  else if (detail.xhr.status === 429) tell(say("太快了，歇几秒再试。", "A little too fast. Try again in a few seconds."), "error");
  else tell(say("我们这边出了点问题，请再试一次。", "Something broke on our side. Please try again."), "error");
});
document.addEventListener("htmx:sendError", () => tell(say("网络断了，写下的文字还在。", "No network. Your words are still here."), "error"));

let line = null;
function network() {
  if (navigator.onLine) {
    line?.remove();
    line = null;
  } else if (!line) {
    line = document.createElement("p");
    line.className = "offline";
    line.setAttribute("role", "status");
    line.textContent = say("没有网络，写下的会留在本机", "No network. What you write stays on this device");
    document.body.append(line);
  }
}
addEventListener("online", network);
addEventListener("offline", network);
network();
