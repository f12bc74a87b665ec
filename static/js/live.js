/* Live pages: one socket for all `[data-live]` elements of a page.
 *
 * <section data-live="thread:5 member:1" hx-get="…" hx-trigger="live:post.created, live:missed">
 *
 * The value names groups. An event of one of them arrives on the element as a CustomEvent `live:<type>` with
 * `detail = {group, type, id}`; it carries ids only, the page refetches what it may see. After an interruption
 * `live:missed` says that events may have been lost. Without a network nothing happens: the page is right after a reload.
 */

const SHORTEST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
const PING_EVERY = 25000;
const PONG_WITHIN = 10000;
const SPREAD = 250; // a popular page is not refetched by everyone in the same instant
const BUSY = 150;
const TOO_MANY = 4429;
const MISSED = { group: "", type: "missed", id: null };

let socket = null;
let heard = new Set(); // groups the server knows about, granted or refused
let wasOpen = false;
let pause = SHORTEST_PAUSE;
let retry = 0;
let pinging = 0;
let pongDue = 0;
const waiting = new Set(); // events about to be told, so that doubles are told once

const listeners = () => document.querySelectorAll("[data-live]");
const groupsOf = (element) => element.dataset.live.split(/\s+/).filter(Boolean);
const wanted = () => new Set([...listeners()].flatMap(groupsOf));
const isOpen = () => socket !== null && socket.readyState === WebSocket.OPEN;

function say(command) {
  if (isOpen()) socket.send(JSON.stringify(command));
}

/** Bring the subscriptions in line with what is on the page now. */
function align() {
  const names = wanted();
  if (!socket) {
    if (names.size) connect();
    return;
  }
  if (!isOpen()) return;
  const fresh = [...names].filter((name) => !heard.has(name));
  const stale = [...heard].filter((name) => !names.has(name));
  heard = names;
  if (stale.length) say({ unsubscribe: stale });
  if (fresh.length) say({ subscribe: fresh });
}

function connect() {
  clearTimeout(retry);
  if (socket || !navigator.onLine || document.visibilityState === "hidden" || !wanted().size) return;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}/ws/`);
  socket.onopen = opened;
  socket.onmessage = (message) => received(JSON.parse(message.data));
  socket.onclose = closed;
}

function opened() {
  heard = new Set();
  align();
  pinging = setInterval(ping, PING_EVERY);
}

function received(said) {
  if ("pong" in said) {
    clearTimeout(pongDue);
  } else if ("subscribed" in said) {
    pause = SHORTEST_PAUSE;
    if (wasOpen) tell(MISSED); // only now: from here on nothing is lost
    wasOpen = false;
  } else if (said.type) {
    tell(said);
  }
}

/** Dispatch a moment later; the same event twice within that moment is told once. */
function tell(event) {
  const key = `${event.group} ${event.type} ${event.id}`;
  if (waiting.has(key)) return;
  waiting.add(key);
  setTimeout(() => {
    waiting.delete(key);
    dispatch(event, new WeakSet());
  }, Math.random() * SPREAD);
}

/** An element whose fetch is under way may be replaced by it, and the event lost with it: it, or its successor, is told after. */
function dispatch(event, told) {
  let later = false;
  for (const element of listeners()) {
    if (told.has(element) || (event.group && !groupsOf(element).includes(event.group))) continue;
    if (element.classList.contains("htmx-request")) {
      later = true;
    } else {
      told.add(element);
      element.dispatchEvent(new CustomEvent(`live:${event.type}`, { detail: event }));
    }
  }
  if (later) setTimeout(dispatch, BUSY, event, told);
}

/** A line may be dead without anybody knowing, above all on a phone. */
function ping() {
  if (!isOpen()) return;
  say({ ping: 1 });
  clearTimeout(pongDue);
  pongDue = setTimeout(() => {
    letGo();
    connect();
  }, PONG_WITHIN);
}

function closed(event) {
  forget();
  if (event.code === TOO_MANY) pause = LONGEST_PAUSE;
  retry = setTimeout(connect, pause * (0.5 + Math.random()));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

function forget() {
  clearInterval(pinging);
  clearTimeout(pongDue);
  clearTimeout(retry);
  wasOpen = wasOpen || heard.size > 0;
  heard = new Set();
  socket = null;
}

/** Drop the socket without waiting for its goodbye. */
function letGo() {
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
  forget();
}

addEventListener("online", connect);
addEventListener("offline", letGo);
addEventListener("pageshow", (event) => event.persisted && align());
addEventListener("pagehide", letGo);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  pause = SHORTEST_PAUSE;
  if (isOpen()) ping();
  else connect();
});
document.addEventListener("htmx:afterSettle", align);
document.addEventListener("htmx:historyRestore", align);
align();
