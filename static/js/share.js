// Copy an address; hand the page to the phone's own sheet.
const { say } = window.words;
const tell = (text, kind) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context there is no clipboard; the old way still works.
    const box = Object.assign(document.createElement("textarea"), { value: text, className: "only-said" });
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) return tell(text, "info");
  }
  tell(say("已复制", "Copied"), "success");
}

function dress(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  if (navigator.share) for (const button of root.querySelectorAll("[data-share-native]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const text = event.target.closest("[data-copy]")?.dataset.copy;
  if (text) copy(text);
  if (event.target.closest("[data-share-native]")) {
    const { shareTitle: title, shareUrl: url } = event.target.closest(".share").dataset;
    navigator.share({ title, url }).catch(() => {});
  }
});
document.addEventListener("htmx:load", (event) => dress(event.target));
dress(document);
