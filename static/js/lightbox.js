// Pictures and films open large in a native dialog: arrows walk, Escape closes, a swipe is never needed.
const { say } = window.words;
const PICTURES = "a[data-large], a[data-film], .prose a:has(> img)";

const sign = (path) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
let box = null;
let links = [];
let at = 0;

function button(name, label, path, press) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: `icon-btn ${name}`, innerHTML: sign(path) });
  made.setAttribute("aria-label", label);
  made.addEventListener("click", press);
  return made;
}

function still(film) {
  film.removeAttribute("src");
  film.load();
}

function build() {
  box = document.createElement("dialog");
  box.className = "dialog lightbox";
  box.setAttribute("aria-label", say("大图", "Picture"));
  box.append(
    document.createElement("img"),
    button("close", say("关闭", "Close"), "m6 6 12 12M18 6 6 18", () => box.close()),
    button("prev", say("上一张", "Previous"), "m14.5 5.5-6.5 6.5 6.5 6.5", () => show(at - 1)),
    button("next", say("下一张", "Next"), "m9.5 5.5 6.5 6.5-6.5 6.5", () => show(at + 1)),
    document.createElement("p"),
    Object.assign(document.createElement("video"), { controls: true, autoplay: true, playsInline: true }),
  );
  box.addEventListener("close", () => still(box.querySelector("video")));
  box.addEventListener("click", (event) => event.target.tagName === "IMG" && box.close());
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });
  document.body.append(box);
}

function show(wanted) {
  at = (wanted + links.length) % links.length;
  const small = links[at].querySelector("img");
  const [picture, , , , words, film] = [...box.children];
  const moving = "film" in links[at].dataset;
  picture.hidden = moving;
  film.hidden = !moving;
  still(film);
  (moving ? film : picture).src = links[at].href;
  picture.alt = small?.alt ?? "";
  const caption = links[at].parentElement.querySelector("span")?.textContent ?? picture.alt;
  words.textContent = links.length > 1 ? `${at + 1} / ${links.length}${caption ? ` · ${caption}` : ""}` : caption;
  words.hidden = !words.textContent;
  for (const walk of box.querySelectorAll(".prev, .next")) walk.hidden = links.length < 2;
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a");
  if (!link?.matches(PICTURES) || !HTMLDialogElement.prototype.showModal) return;
  event.preventDefault();
  if (!box) build();
  const scope = link.closest("article, .card, main") ?? document;
  links = [...scope.querySelectorAll(PICTURES)];
  show(links.indexOf(link));
  box.showModal();
});
