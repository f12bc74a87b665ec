/* The page of a phone at the gate. Everything that is done is first done here and written down; the server hears of it when it can. */

import { Camera } from "./camera.js";
import { Queue } from "./queue.js";
import { Roster, hashOf } from "./roster.js";
import { drawRows } from "./rows.js";

const EVERY = 15000; // milliseconds between two looks at the server
const SHOWN = 30;
const LAST = 20;
const KEPT_AFTER = 7 * 24 * 3600 * 1000; // the list of an event that is over leaves the phone
const { say, token } = window.words;

const root = document.getElementById("gate");
const { event: number, member, ends, zone } = root.dataset;
const over = Boolean(root.dataset.over); // nobody is let in any more; what this phone carries is handed in
const prefix = `gate:${member}:${number}:`;
const at = (name) => root.querySelector(`[data-${name}]`);
const phone = at("phone-name");

forgetWhatIsNotMine();
const usualName = phone.value;
const roster = new Roster(localStorage, `${prefix}roster`, Date.parse(ends) + KEPT_AFTER);
const queue = new Queue(localStorage, `${prefix}queue:`, post);
const log = JSON.parse(localStorage.getItem(`${prefix}log`) ?? "[]");
let ahead = JSON.parse(localStorage.getItem(`${prefix}ahead`) ?? "null");
let online = navigator.onLine;
let refused = "";
let settled = 0; // how many the server answered in what was just told
const served = { came: Number(at("came").textContent), expected: Number(at("expected").textContent) }; // until there is a list
let shown = null; // the nonce of what stands in the large card

// --- the server

async function post(scans) {
  const body = JSON.stringify({ scans: scans.map(({ walkedIn, morePlace, morePeople, order, ...scan }) => scan) });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
  const answer = await asked(`/api/v1/events/${number}/check-ins/`, { method: "POST", headers, body });
  if (!answer || answer.status >= 500) return null;
  if (answer.ok) return answer.json();
  if (answer.status === 400) return { unread: true };
  const { detail } = await answer.json().catch(() => ({}));
  return { refused: detail ?? say("服务器没有收下这些记录。", "The server did not take these scans.") };
}

async function asked(address, options) {
  try {
    const answer = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout?.(12000), ...options });
    online = true;
    return answer;
  } catch {
    online = false;
    return null;
  }
}

/** Tell what waits. */
async function tell() {
  settled = 0;
  refused = await queue.flush(settle);
  draw();
  if (!settled) return;
  // What was laid over the list may stand in it by now: the whole list says so.
  roster.forgetStamp();
  await look();
}

/** Tell what waits, then look what is new. */
async function meet() {
  await tell();
  await look();
}

async function look() {
  const begun = Date.now();
  const answer = await asked(`/api/v1/events/${number}/roster/?stamp=${encodeURIComponent(roster.stamp)}`);
  if (answer?.ok) {
    const told = await answer.json();
    ahead = Math.round(Date.parse(told.server_time) - (begun + Date.now()) / 2);
    localStorage.setItem(`${prefix}ahead`, JSON.stringify(ahead));
    roster.take(told, queue.entries);
  } else if (answer?.status === 404 || (answer?.status === 403 && (await signedIn()))) {
    forgetAll();
    refused = say("你已不负责这个活动的签到，名单已从手机删除。", "You no longer keep this gate. The list has left this phone.");
  } else if (answer && answer.status < 500) {
    refused = say("请重新登录，再回到这一页。扫过的都还在。", "Sign in again and come back. What was scanned is kept.");
  }
  draw();
  drawReady();
}

/** Whether the session still holds: the page of the gate leads elsewhere without one. */
async function signedIn() {
  const answer = await asked(location.pathname);
  return Boolean(answer) && !answer.redirected;
}

function settle(scan, answer) {
  settled += 1;
  const line = log.find((one) => one.nonce === scan.nonce);
  if (!line) return;
  const changed = line.verdict !== answer.result;
  const nothingBack = line.verdict === "undo" && answer.result === "unknown";
  Object.assign(line, { verdict: nothingBack ? "kept" : answer.result, name: answer.name || line.name });
  if (answer.result === "frozen") standsAgain(scan);
  if (answer.people) line.people = answer.people;
  if (answer.party) line.party = answer.party;
  if (answer.first) line.first = answer.first;
  if (answer.place) line.place = answer.place;
  keepLog();
  if (changed && shown === scan.nonce) show(line);
}

/** It was not taken back after all. */
function standsAgain({ of, walkedIn, morePlace }) {
  const back = log.find((one) => one.nonce === of && one.verdict === "undone");
  if (back) back.verdict = morePlace ? "more" : walkedIn ? "walk_in" : "in";
}

// --- what is done here

function now() {
  return new Date().toISOString();
}

/** One act: written down, done on this phone, shown, and sent when there is a network. */
function act(scan, place, words = "") {
  const device = Array.from(phone.value.trim() || usualName).slice(0, 40).join("");
  const entry = queue.put({ nonce: uuid(), device, scanned_at: now(), ahead_ms: ahead, ...scan });
  const first = place?.came ? { at: place.at, device: place.device } : null;
  const verdict = roster.do(entry, place);
  const people = entry.people ?? (place && verdict !== "more" ? place.party : 1);
  const line = { nonce: entry.nonce, at: Date.now(), verdict, name: place?.name ?? words, place: place?.place ?? null, party: place?.party ?? null, people, first, ticket: entry.ticket ?? "", plate: place?.plate ?? "" };
  log.unshift(line);
  log.splice(LAST);
  keepLog();
  if (verdict !== "undo") show(line);
  draw();
  tell();
  return line;
}

async function scanned(text) {
  const ticket = Array.from(text.toWellFormed?.() ?? text).filter((sign) => sign !== "\0").join("").trim().slice(0, 100);
  const place = roster.byTicket(await hashOf(ticket));
  navigator.vibrate?.(place && !place.came && place.state === "going" ? 60 : [60, 80, 60]);
  act({ kind: "scan", ticket, ...(place ? { place: place.place } : {}) }, place);
}

function undo(nonce) {
  const line = log.find((one) => one.nonce === nonce);
  const more = line?.verdict === "more" ? { morePlace: line.place, morePeople: line.people } : {};
  act({ kind: "undo", of: nonce, walkedIn: line && !line.place ? line.people : 0, ...more }, null);
  if (line) line.verdict = "undone";
  keepLog();
  if (shown === nonce) show(null);
  draw();
}

// --- what is seen

const SENTENCES = {
  in: () => say("请进", "Welcome"),
  more: () => say("又到几位", "More of the party"),
  walk_in: () => say("已放行", "Let in"),
  again: () => say("已经进场", "In already"),
  not_going: () => say("已不在名单上", "Has no place any more"),
  elsewhere: () => say("这是别的活动的票", "A ticket of another event"),
  unknown: () => say("本机名单上没有", "Not on this phone's list"),
  undo: () => say("已撤销", "Taken back"),
  undone: () => say("已撤销", "Taken back"),
  kept: () => say("没有撤销：对方已由另一台手机放行", "Not taken back: another phone let them in"),
  frozen: () => say("已登记突发情况，当时到场的人不再改动", "An incident is on record: who was there stays as it stands"),
  unread: () => say("这一条没有记上，请按名字再签一次", "Not kept: check them in by name"),
};
const GOOD = ["in", "more", "walk_in"];
const time = (moment) => new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });

function show(line) {
  shown = line?.nonce ?? null;
  const card = at("result");
  card.hidden = !line;
  if (!line) return;
  card.dataset.kind = GOOD.includes(line.verdict) ? "good" : line.verdict === "again" ? "warn" : "bad";
  at("verdict").textContent = SENTENCES[line.verdict]();
  at("who").textContent = line.name;
  const more = [];
  if (line.party > 1 || line.people > 1) more.push(say(`${line.people} 人`, `${line.people} people`));
  if (line.plate) more.push(line.plate);
  if (line.verdict === "again" && line.first?.at) more.push(say(`${line.first.device}，${time(line.first.at)}`, `${line.first.device}, ${time(line.first.at)}`));
  at("more").textContent = more.join(" · ");
  const place = roster.byNumber.get(line.place);
  at("fewer").hidden = !(line.verdict === "in" && line.people > 1);
  at("later").hidden = !(line.verdict === "again" && place && place.came < place.party);
  at("let-in").hidden = !["unknown", "not_going", "elsewhere"].includes(line.verdict);
  at("take-back").hidden = !GOOD.includes(line.verdict);
}

function draw() {
  const loaded = roster.loadedAt !== null;
  at("came").textContent = loaded ? roster.people : served.came + roster.people;
  at("expected").textContent = loaded ? roster.expected : served.expected;
  const state = at("state");
  state.dataset.kind = refused ? "bad" : online ? "good" : "warn";
  at("state-words").textContent = refused || (online ? say("已联网", "Online") : say("没有网络，照常签到", "No network. Carry on"));
  at("waiting").textContent = queue.waiting ? say(`${queue.waiting} 条待上传`, `${queue.waiting} to send`) : "";
  drawClock();
  drawList();
  drawLog();
}

function drawClock() {
  const minutes = Math.round(Math.abs(ahead ?? 0) / 60000);
  const clock = at("clock");
  clock.hidden = minutes < 2;
  clock.textContent = say(`这台手机的钟差 ${minutes} 分钟，不影响签到。`, `This phone's clock is ${minutes} minutes off. It does not matter.`);
}

function drawList() {
  const found = roster.search(at("search").value, SHOWN);
  drawRows(at("list"), found, { key: (place) => place.place, told: (place) => [place.name, ...around(place)], make: emptyPlace, fill: fillPlace });
  at("none").hidden = found.length > 0;
}

/** What stands below a name, and what beside it. */
function around(place) {
  const below = [place.party > 1 ? say(`${place.party} 人`, `${place.party} people`) : "", place.plate, place.car].filter(Boolean).join(" · ");
  const beside = place.came ? `${say("已到", "in")}${place.at ? ` ${time(place.at)}` : ""}` : over ? say("没来", "did not come") : say("签到", "Check in");
  return [below, beside];
}

function fillPlace(item, place) {
  const [below, beside] = around(place);
  const [words, state] = item.firstElementChild.children;
  item.firstElementChild.dataset.place = place.place;
  words.replaceChildren(text("b", place.name), text("small", below));
  state.textContent = beside;
  state.className = place.came ? "pill good" : over ? "muted" : "tap-do";
}

function emptyPlace() {
  const item = document.createElement("li");
  const button = document.createElement(over ? "div" : "button");
  if (!over) button.type = "button";
  button.className = "tap";
  button.append(document.createElement("span"), document.createElement("span"));
  item.append(button);
  return item;
}

function text(tag, words) {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}

function drawLog() {
  const words = (line) => `${time(line.at)} ${SENTENCES[line.verdict]()} ${line.name}${line.people > 1 && GOOD.includes(line.verdict) ? ` ×${line.people}` : ""}`;
  drawRows(at("log"), log, {
    key: (line) => line.nonce,
    told: (line) => [words(line), GOOD.includes(line.verdict)],
    make: () => document.createElement("li"),
    fill(item, line) {
      item.replaceChildren(text("span", words(line)));
      if (!GOOD.includes(line.verdict)) return;
      const button = Object.assign(text("button", say("撤销", "Undo")), { type: "button", className: "link small" });
      button.dataset.undo = line.nonce;
      item.append(button);
    },
  });
  at("log-card").hidden = !log.length;
}

/** What must be there before the doors open, checked on the phone itself. */
async function drawReady() {
  const kept = await globalThis.caches?.match(location.href, { cacheName: "gate", ignoreSearch: true, ignoreVary: true });
  mark("ready-list", roster.loadedAt !== null, roster.loadedAt ? say(`名单 ${roster.listed.length} 份，${time(roster.loadedAt)} 更新`, `${roster.listed.length} places, as of ${time(roster.loadedAt)}`) : say("还没有名单：联网打开一次", "No list yet: open it once with a network"));
  mark("ready-page", Boolean(kept), kept ? say("没有网络也打得开", "Opens without a network") : say("这一页还没存下：别关掉它", "The page is not kept yet: do not close it"));
  mark("ready-camera", Boolean(navigator.mediaDevices), navigator.mediaDevices ? say("可以用相机扫码", "A camera can be used") : say("没有相机，点名字也行", "No camera: tap the names"));
}

function mark(name, good, words) {
  const line = at(name);
  line.dataset.kind = good ? "good" : "warn";
  line.querySelector("span").textContent = words;
}

// --- what is kept

function keepLog() {
  localStorage.setItem(`${prefix}log`, JSON.stringify(log));
}

/** Lists of whoever used this phone before do not stay, nor those of events long over; what was not sent does. */
function forgetWhatIsNotMine() {
  const isNotMine = (key) => {
    if (!key.startsWith("gate:") || key.includes(":queue:")) return false;
    const [, whose, which] = key.split(":");
    const list = JSON.parse(localStorage.getItem(`gate:${whose}:${which}:roster`) ?? "{}");
    return whose !== member || Date.now() > (list.until ?? Infinity);
  };
  // All are judged before the first goes: what is left of one list is judged by its guests.
  for (const key of Object.keys(localStorage).filter(isNotMine)) localStorage.removeItem(key);
  if (Date.now() > Date.parse(ends) + KEPT_AFTER) forget();
}

function forget() {
  for (const name of ["roster", "log", "ahead"]) localStorage.removeItem(prefix + name);
}

/** The list, and what was done with it, from the phone and from the page. */
function forgetAll() {
  roster.clear();
  log.length = 0;
  forget();
}

/** Put the page aside for when there is no network. */
async function keepPage() {
  if (!globalThis.caches || !navigator.serviceWorker) return;
  await navigator.serviceWorker.register(root.dataset.worker, { scope: location.pathname });
  navigator.storage?.persist?.();
  const parts = performance.getEntriesByType("resource").map((one) => one.name);
  const ours = parts.filter((address) => address.startsWith(`${location.origin}/static/`));
  const cache = await caches.open("gate");
  // The decoder asks for its other half by its plain name, whatever its own is.
  const decoder = new URL(root.dataset.decoder, location.href);
  const half = new URL("index.js", decoder);
  // The page itself comes last: where it lies, everything that it is made of lies there, too.
  for (const address of new Set([decoder.href, half.href, ...ours, location.origin + location.pathname])) {
    const answer = await asked(address);
    if (!answer?.ok || answer.redirected) return;
    await cache.put(address, answer);
  }
}

function uuid() {
  return crypto.randomUUID?.() ?? `${Date.now()}-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
}

// --- hands

const camera = new Camera(at("video"), root.dataset.decoder, scanned);
phone.value = localStorage.getItem("gate-phone") ?? phone.value;
phone.addEventListener("change", () => localStorage.setItem("gate-phone", phone.value));

at("camera").addEventListener("click", async () => {
  if (camera.isOn) camera.stop();
  else {
    try {
      await camera.start();
      at("camera-refused").hidden = true;
    } catch {
      camera.stop();
      at("camera-refused").hidden = false;
    }
  }
  root.classList.toggle("seeing", camera.isOn);
  at("camera").querySelector("span").textContent = camera.isOn ? say("关掉相机", "Turn the camera off") : say("打开相机扫码", "Scan with the camera");
});

at("search").addEventListener("input", drawList);
// A scanner in the hand types the code and presses Enter.
at("search").addEventListener("keydown", async (event) => {
  const typed = event.target.value.trim();
  if (over || event.key !== "Enter" || !roster.byTicket(await hashOf(typed))) return;
  event.target.value = "";
  scanned(typed);
});
at("list").addEventListener("click", (event) => {
  const place = roster.byNumber.get(Number(event.target.closest("[data-place]")?.dataset.place));
  if (place && !over) act({ kind: "scan", place: place.place }, place);
});
at("log").addEventListener("click", (event) => {
  if (event.target.dataset.undo) undo(event.target.dataset.undo);
});
at("take-back").addEventListener("click", () => undo(shown));
at("fewer").addEventListener("click", () => {
  const line = log.find((one) => one.nonce === shown);
  undo(line.nonce);
  act({ kind: "scan", place: line.place, people: line.people - 1 }, roster.byNumber.get(line.place));
});
at("later").addEventListener("click", () => {
  const place = roster.byNumber.get(log.find((one) => one.nonce === shown).place);
  act({ kind: "more", place: place.place, people: 1 }, place);
});
at("let-in").addEventListener("click", () => {
  const line = log.find((one) => one.nonce === shown);
  const place = roster.byNumber.get(line.place);
  act({ kind: "walk_in", ...(place ? { place: place.place } : { ticket: line.ticket }) }, place, line.name);
});
at("walk-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, people } = event.target.elements;
  act({ kind: "walk_in", name: name.value.trim(), people: Math.max(Number(people.value) || 1, 1) }, null, name.value.trim() || say("没有名额的朋友", "Somebody without a place"));
  event.target.reset();
});
at("forget").addEventListener("click", () => {
  forgetAll();
  addEventListener("pagehide", forget); // a look that is under way brings nothing back
  caches?.delete("gate");
  location.assign(root.dataset.back);
});

root.classList.add("awake");
draw();
meet().then(keepPage).then(drawReady);
setInterval(meet, EVERY);
globalThis.addEventListener("online", meet);
// Another tab let go of the list: so does this one.
globalThis.addEventListener("storage", (event) => {
  if (event.key === `${prefix}roster` && event.newValue === null) location.reload();
});
globalThis.addEventListener("offline", () => {
  online = false;
  draw();
});
document.addEventListener("live:gate.changed", meet, true);
