/* A note is moved by hand (mouse, pen, finger on its handle) or by keyboard (space lifts it, arrows, space, escape). The select in its menu
 * does the same. `moved(note, group, after)` is told where it was put: after which note, 0 for the first place, null for the last.
 */

import { announce, say } from "./words.js";

const BEGINS = 5; // pixels
const EDGE = 60;
const STEP = 14;
const PRESSED = "button, a, input, textarea, select, summary, details";

const slips = (holder) => holder.querySelector(".slips");
const notesIn = (holder, but) => [...slips(holder).children].filter((one) => one.dataset.note && one !== but && Number(one.dataset.note));
const holders = () => [...document.querySelectorAll("#board .clusters > [data-group], #board .loose")];
const groupOf = (holder) => (holder.dataset.group ? Number(holder.dataset.group) : null);

export function startDragging(moved) {
  const marker = document.createElement("div");
  marker.className = "drop-marker";
  let drag = null; // by hand: {note, ghost, x, y, begun}
  let lift = null; // by keyboard: {note, holder, place}

  document.addEventListener("pointerdown", (event) => {
    const note = event.target.closest?.("#board [data-note]");
    if (!note || event.button || lift || !note.querySelector(".grip:not([hidden])")) return;
    const byHandle = event.target.closest(".grip");
    if (!byHandle && (event.pointerType === "touch" || event.target.closest(PRESSED))) return;
    drag = { note, x: event.clientX, y: event.clientY, pointer: event.pointerId };
    if (byHandle && event.pointerType === "touch") event.preventDefault();
  });

  document.addEventListener("pointermove", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < BEGINS) return;
      begin();
    }
    event.preventDefault();
    drag.ghost.style.translate = `${event.clientX - drag.x}px ${event.clientY - drag.y}px`;
    if (event.clientY < EDGE) scrollBy(0, -STEP);
    else if (event.clientY > innerHeight - EDGE) scrollBy(0, STEP);
    aim(event.clientX, event.clientY);
  });

  document.addEventListener("pointerup", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    if (drag.ghost && marker.isConnected) put(drag.note);
    end();
  });
  document.addEventListener("pointercancel", end);
  document.addEventListener("dragstart", (event) => drag && event.preventDefault());

  function begin() {
    const box = drag.note.getBoundingClientRect();
    drag.ghost = drag.note.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.classList.add("ghost");
    drag.ghost.inert = true;
    Object.assign(drag.ghost.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px` });
    document.body.append(drag.ghost);
    drag.note.classList.add("lifted");
    document.body.classList.add("dragging");
    getSelection()?.empty();
  }

  /** The marker stands where the note would. */
  function aim(x, y) {
    const holder = document.elementFromPoint(x, y)?.closest("#board .clusters > [data-group], #board .loose");
    if (!holder) return;
    const before = notesIn(holder, drag.note).find((one) => {
      const box = one.getBoundingClientRect();
      return y < box.top || (y < box.bottom && (holder.matches(".loose") ? x < box.left + box.width / 2 : y < box.top + box.height / 2));
    });
    place(holder, before ?? null);
  }

  function place(holder, before) {
    slips(holder).insertBefore(marker, before);
    for (const one of holders()) one.classList.toggle("aimed-at", one === holder);
  }

  function put(note) {
    const holder = marker.closest("[data-group]");
    const row = [...slips(holder).children].filter((one) => one === marker || (one.dataset.note && one !== note));
    const before = row[row.indexOf(marker) - 1];
    const after = before ? Number(before.dataset.note) || null : row.length > 1 ? 0 : null;
    const unmoved = slips(holder) === note.parentElement && (marker.nextElementSibling === note || marker.previousElementSibling === note);
    if (!unmoved) moved(Number(note.dataset.note), groupOf(holder), after);
    return !unmoved;
  }

  function end() {
    drag?.ghost?.remove();
    drag?.note.classList.remove("lifted");
    drag = null;
    document.body.classList.remove("dragging");
    clear();
  }

  function clear() {
    marker.remove();
    for (const one of holders()) one.classList.remove("aimed-at");
  }

  // By keyboard.
  document.addEventListener("click", (event) => {
    // A press of the handle without moving it lifts as well; the space bar arrives here as a click.
    const grip = event.target.closest?.("#board .grip");
    if (!grip || event.detail) return;
    if (lift) drop();
    else raise(grip.closest("[data-note]"));
  });

  document.addEventListener("keydown", (event) => {
    if (!lift) return;
    const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      settle();
      announce(say("left-there"));
    } else if (way) step(...way);
    else return;
    if (event.key !== "Tab") event.preventDefault();
  });

  document.addEventListener("focusout", (event) => lift && event.target === lift.grip && setTimeout(() => lift && document.activeElement !== lift.grip && lift.grip.isConnected && settle()));

  function raise(note) {
    const holder = note.closest("[data-group]");
    const place = [...slips(holder).children].filter((one) => one.dataset.note).indexOf(note);
    lift = { note, holder, place, grip: note.querySelector(".grip") };
    lift.grip.setAttribute("aria-pressed", "true");
    note.classList.add("lifted");
    show();
    announce(say("lifted", { place: where() }));
  }

  function step(across, along) {
    if (across) {
      const all = holders();
      const next = all[all.indexOf(lift.holder) + across];
      if (!next) return;
      lift.holder = next;
      lift.place = Math.min(lift.place, notesIn(next, lift.note).length);
    } else {
      lift.place = Math.max(0, Math.min(notesIn(lift.holder, lift.note).length, lift.place + along));
    }
    show();
    announce(say("would-stand", { place: where() }));
  }

  function show() {
    place(lift.holder, notesIn(lift.holder, lift.note)[lift.place] ?? null);
    marker.scrollIntoView({ block: "nearest" });
  }

  function where() {
    const [n, of] = [lift.place + 1, notesIn(lift.holder, lift.note).length + 1];
    const group = lift.holder.querySelector("h2")?.textContent;
    return group ? say("place", { group, n, of }) : say("place-loose", { n, of });
  }

  function drop() {
    const [text, { note }] = [where(), lift];
    const changed = put(note);
    settle();
    announce(changed ? say("dropped", { place: text }) : say("left-there"));
  }

  function settle() {
    lift.grip.setAttribute("aria-pressed", "false");
    lift.note.classList.remove("lifted");
    lift = null;
    clear();
  }
}
