/* The room of a workshop, as it happens.
 *
 * The page came with the state after some event. From there on it follows the log over a line of its own (room/line.js), folds every event
 * (room/fold.js, room/log.js) and draws the board from what follows (room/board.js). What is done here goes into an outbox until the log
 * has it (room/outbox.js). Phases, and what stands beside the board, are the server's: they are fetched when they changed, seldom and each
 * page at its own moment. Without this script everything is a form.
 */

import { Board } from "./room/board.js";
import { setServerTime, startClock } from "./room/clock.js";
import { commandOf } from "./room/commands.js";
import { startDragging } from "./room/drag.js";
import { startLeases } from "./room/lease.js";
import { Line } from "./room/line.js";
import { RoomLog } from "./room/log.js";
import { Outbox } from "./room/outbox.js";
import { Page } from "./room/page.js";
import { shownWith } from "./room/pending.js";
import { Returned } from "./room/returned.js";
import { uploaded } from "./room/uploads.js";
import { say, toast } from "./room/words.js";

const place = document.getElementById("room");
const GAP_MAY_CLOSE = 1500;
const DRAW_EVERY = 60;
const OF_THE_SIDE = /^(chat|question|hand|action|link|lead|room|recording)\./;
const OF_THE_PHASE = new Set(["phase.move", "timer.set", "room.suspend", "room.resume", "recording.ask", "recording.agree", "recording.refuse", "recording.stop"]);

const page = new Page(place.dataset.page);
const log = new RoomLog(page.state);
const { member } = log.state.me;
const returned = new Returned(localStorage, `room:${place.dataset.page}:${member}:returned`);
const board = new Board(
  (sentence, text) => returned.hand({ sentence, text }),
  (image) => `${place.dataset.page}pictures/${image}/`,
);
const outbox = new Outbox(localStorage, `room:${place.dataset.page}:${member}:out:`, (entry) => line.send(wireOf(entry)));
const wireOf = ({ op_id, kind, payload }) => ({ op_id, kind, payload });

let standing = "open"; // how the line stands
let drawing = 0;
let gap = 0;

// ---- what comes -------------------------------------------------------------------------------------------------------------

const line = new Line({
  socket: place.dataset.socket,
  events: place.dataset.events,
  token: window.words.token,
  after: () => log.seq,
  on: {
    hello: (said) => {
      setServerTime(said.server_time);
      outbox.again();
    },
    event: heard,
    ack: ({ op_id, seq }) => {
      outbox.acknowledge(op_id, seq);
      outbox.settleUpTo(log.seq);
      draw();
    },
    refused,
    presence: ({ here }) => page.present(here),
    later: ({ op_id }) => {
      outbox.postpone(op_id);
      setTimeout(() => outbox.flush(), GAP_MAY_CLOSE);
    },
    other: () => {},
    state: stands,
  },
});

function heard(event) {
  for (const one of log.receive(event)) {
    if (one.kind === "note.add" && outbox.entries.has(one.op_id)) board.arrived(one.op_id, one.seq);
    outbox.settle(one.op_id);
    const own = one.actor === member;
    if (OF_THE_PHASE.has(one.kind)) page.renewSoon(own);
    else if (OF_THE_SIDE.test(one.kind)) page.renewSideSoon(own);
  }
  if (log.stale) page.renewSoon(false);
  clearTimeout(gap);
  if (log.missing) gap = setTimeout(() => log.missing && line.restart(), GAP_MAY_CLOSE);
  draw();
}

/** The server says why; what was written is handed back (W6). */
function refused({ op_id, detail }) {
  const entry = outbox.refuse(op_id);
  if (!entry) return;
  returned.hand({ sentence: detail, ...entry });
  draw();
}

function stands(how, sentence) {
  standing = how;
  if (how !== "open") page.present(null);
  const banner = document.getElementById("room-line");
  banner.hidden = how === "open";
  banner.textContent = how === "open" ? "" : sentence || say(how);
  banner.classList.toggle("shut", how === "shut");
  if (how === "shut") for (const entry of outbox.all) refused({ op_id: entry.op_id, detail: sentence });
  outbox.flush();
  draw();
}

page.renewed = (state) => {
  setServerTime(state.server_time);
  const continued = log.renew(state);
  outbox.settleUpTo(log.seq);
  board.refit();
  if (!continued) line.restart();
  drawNow();
  showPhase();
};
page.lost = (text) => returned.hand({ sentence: say("page-changed"), text });

// ---- what is shown ----------------------------------------------------------------------------------------------------------

function draw() {
  drawing ||= setTimeout(() => requestAnimationFrame(drawNow), DRAW_EVERY);
}

function drawNow() {
  clearTimeout(drawing);
  drawing = 0;
  board.draw({ state: log.state, view: shownWith(log.state, outbox.all) });
  const { waiting } = outbox;
  const step = document.querySelector("#board .room-step");
  step.classList.toggle("waits", waiting > 0);
  step.textContent = say(waiting ? "step-waiting" : "step", { n: log.seq, waiting });
  offerUndo();
}
board.again = draw;

/** On a narrow screen the phases scroll. */
function showPhase() {
  const now = document.querySelector(".phases [aria-current]");
  if (now) now.parentElement.scrollLeft = now.offsetLeft - (now.parentElement.clientWidth - now.offsetWidth) / 2;
}

/** The last own step, where this phase still takes it back: the server says which kinds it takes. */
function offerUndo() {
  const form = document.querySelector("#board .undo");
  const last = log.state.me.done.at(-1);
  const may = last && form.dataset.kinds.split(" ").includes(last.kind);
  form.hidden = !may;
  if (may) form.elements.seq.value = last.seq;
}

// ---- what is done -----------------------------------------------------------------------------------------------------------

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== place.dataset.do || form.method !== "post" || standing === "shut") return;
    const command = commandOf(form, event.submitter);
    if (!command) return;
    event.preventDefault();
    if (command.file) sendWithFile(form, command);
    else give(form, command);
  },
  true,
);

function give(form, command) {
  outbox.put(command.kind, command.payload);
  sent(form, command);
  draw();
}

/** First the file, by itself; then the command that names it. Until then everything stays in the form. */
async function sendWithFile(form, command) {
  if (form.dataset.uploading) return;
  form.dataset.uploading = "1";
  const button = form.querySelector("button:not([type=button])");
  button.setAttribute("aria-busy", "true");
  try {
    command.payload.image = await uploaded(command.file);
    give(form, command);
  } catch (error) {
    toast(error.message || say("away"), "error");
  } finally {
    delete form.dataset.uploading;
    button.removeAttribute("aria-busy");
  }
}

/** The field is free for the next; what was in it is kept by the outbox. */
function sent(form, { kind, payload }) {
  if (kind === "note.edit") leases.saved(payload.note);
  if (form.matches(".undo, .voting form, .hand-raise, .hand-lower")) return;
  for (const field of form.querySelectorAll("input[type=file]")) field.value = "";
  form.querySelector("input[name=image]")?.remove();
  for (const field of form.querySelectorAll("input:not([type=hidden], [type=file], [type=number]), textarea")) {
    field.value = kind === "note.edit" ? (field.defaultValue = field.value) : (field.defaultValue = "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (form.id !== "compose") form.closest("details")?.removeAttribute("open");
  else form.querySelector("textarea").focus();
}

startDragging((note, group, after) => {
  outbox.put("note.move", after === null ? { note, group } : { note, group, after });
  draw();
});

const leases = startLeases((kind, note) => {
  if (line.isOpen) line.send({ op_id: crypto.randomUUID(), kind, payload: { note } });
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  if (event.target.matches("input, textarea, select, [contenteditable]")) return;
  const form = document.querySelector("#board .undo");
  if (form.hidden) return;
  event.preventDefault();
  form.requestSubmit();
});

document.body.classList.add("room-live");
setServerTime(log.state.server_time);
startClock();
showPhase();
draw();
