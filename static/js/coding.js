// Select words, then a code. Offsets are sent in code points: an emoji is one, though JavaScript counts it as two.
const { say } = window.words;
const text = document.querySelector("[data-coding]");
const picker = document.querySelector("[data-picker]");
const points = (words) => [...words].length;

// Where a place in the page lies in the text, in code points; null outside of it.
function placeOf(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const piece = element.closest?.("[data-start]");
  if (!piece || !text.contains(piece)) return null;
  const words = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, offset) : piece.textContent.slice(0, offset ? undefined : 0);
  return Number(piece.dataset.start) + points(words);
}

function look() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return;
  const range = chosen.getRangeAt(0);
  if (!text.contains(range.commonAncestorContainer)) return;
  const [start, end] = [placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset)];
  if (start === null || end === null || end <= start) return;
  [picker.elements.start.value, picker.elements.end.value] = [start, end];
  picker.querySelector(".picked").textContent = `${say("选中：", "Chosen: ")}${String(chosen).trim()}`;
  picker.hidden = false;
}

document.addEventListener("selectionchange", () => requestAnimationFrame(look));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") picker.hidden = true;
});
