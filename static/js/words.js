// Words that scripts say, in the language of the page; and the token that a write needs.
const english = document.documentElement.lang.startsWith("en");

window.words = Object.freeze({
  say: (zh, en) => (english ? en : zh),
  token: () =>
    document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "",
});

// htmx sends the token with every write.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = window.words.token();
});

// Enter that ends a Chinese input is not the Enter that sends.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  },
  true,
);

// Ctrl or Cmd with Enter sends the form that one is writing in.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.tagName !== "TEXTAREA") return;
  event.preventDefault();
  event.target.form?.requestSubmit();
});
