// The own answers of an anonymous survey, where somebody chose to keep a copy: in this browser alone, under the account.
const { say } = window.words;
const PREFIX = "own-answers:";

const offer = document.querySelector("[data-keep-own]");
if (offer) {
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    const place = document.querySelector("[data-kept-own]");
    try {
      localStorage.setItem(PREFIX + offer.dataset.keepOwn, document.getElementById("own-answers").textContent);
      offer.hidden = true;
      place.textContent = say("已存在这个浏览器里，在任务页可以再看", "Kept in this browser. You find it on the page of the task.");
    } catch {
      place.textContent = say("浏览器不允许保存", "This browser does not let us keep anything.");
    }
  });
}

const shown = document.querySelector("[data-own-answers]");
const kept = shown && localStorage.getItem(PREFIX + shown.dataset.ownAnswers);
if (kept) {
  for (const { question, answer } of JSON.parse(kept)) {
    const row = document.createElement("div");
    row.append(Object.assign(document.createElement("dt"), { textContent: question }), Object.assign(document.createElement("dd"), { textContent: answer || "—" }));
    shown.querySelector("dl").append(row);
  }
  shown.hidden = false;
  shown.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(PREFIX + shown.dataset.ownAnswers);
    shown.remove();
  });
}
