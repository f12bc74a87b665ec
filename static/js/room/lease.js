/* Whoever writes in a note holds it: the others see that, and cannot save over it (W5). Twenty seconds, renewed by typing. */

const RENEW = 8000;

/** `tell(kind, note)` sends what need not arrive. */
export function startLeases(tell) {
  const held = new Map(); // note → when it was told last

  const noteOf = (field) => (field.matches?.("#board .edit textarea") ? Number(field.closest("[data-note]").dataset.note) : 0);

  function hold(event) {
    const note = noteOf(event.target);
    if (!note || Date.now() - (held.get(note) ?? 0) < RENEW) return;
    held.set(note, Date.now());
    tell("note.hold", note);
  }

  function release(note) {
    if (held.delete(note)) tell("note.release", note);
  }

  document.addEventListener("focusin", hold);
  document.addEventListener("input", hold);
  document.addEventListener("toggle", (event) => event.target.matches?.("#board .note-more") && !event.target.open && release(Number(event.target.closest("[data-note]")?.dataset.note)), true);

  return { saved: (note) => held.delete(note) };
}
