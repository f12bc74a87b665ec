/* Sound and picture in the room: the buttons, who is connected, and what is said when something cannot be had.
 *
 * The part lies outside of what the room swaps, and opens a socket of its own only while one is connected. A page that is loaded anew in the
 * middle of it comes back by itself. */

import * as devices from "./devices.js";
import { Janus } from "./janus.js";
import { Line } from "./line.js";
import { Mesh } from "./mesh.js";
import { Recorder } from "./recorder.js";
import { Tiles } from "./tiles.js";

const part = document.getElementById("call");
const words = document.querySelector("[data-words]").dataset;
const KEPT = `call:${part.dataset.socket}`;
const LISTEN_EVERY = 200;
const SHOWN_FOR = 12_000;
const SLOTS = ["microphone", "camera", "screen"];

const find = (name) => part.querySelector(`[data-${name}]`);
const door = find("door");
const bar = find("bar");
const status = find("said");
const tiles = new Tiles({ list: find("tiles"), screens: find("screens"), pattern: find("tile"), said: words, blocked: () => (find("hear").hidden = false) });

const recorder = new Recorder({
  place: part.dataset.voices,
  token: () => document.querySelector("[name=csrfmiddlewaretoken]").value,
  said: (sentence) => say(sentence ?? words.unsent, "stays"),
});

let line = null;
let link = null;
let me = null; // the number of this window, while connected
let meter = null;
let asked = null; // what waits for the word of the server: slot, track
const people = new Map();
const tracks = {};
const on = new Set();

function say(sentence, kind = "") {
  status.textContent = sentence ?? "";
  status.className = `call-said ${kind}`;
  clearTimeout(say.later);
  if (sentence && kind !== "stays") say.later = setTimeout(say, SHOWN_FOR);
}

const why = (error, slot) => words[`${error.why}${slot[0].toUpperCase()}${slot.slice(1)}`] ?? words[error.why] ?? String(error);

function remember() {
  try {
    if (line) sessionStorage.setItem(KEPT, JSON.stringify([...on].filter((slot) => slot !== "screen")));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Then a page that is loaded anew does not come back by itself.
  }
}

function draw() {
  part.dataset.state = me ? "in" : line ? "joining" : "out";
  door.hidden = Boolean(line);
  bar.hidden = !line;
  for (const slot of SLOTS) {
    const button = find(slot);
    button.setAttribute("aria-pressed", String(on.has(slot)));
    button.disabled = !me || asked?.slot === slot;
  }
  recorder.hear(me && on.has("microphone") ? (tracks.microphone ?? null) : null);
  find("count").textContent = me ? words.connected.replace("{n}", people.size) : "";
}

/** Have a device, or say why not. */
async function take(slot) {
  if (tracks[slot]?.readyState === "live") return true;
  try {
    const track = await devices[slot]();
    track.addEventListener("ended", () => tracks[slot] === track && turnOff(slot));
    tracks[slot] = track;
    if (slot === "microphone") listenTo(track);
    return true;
  } catch (error) {
    if (slot !== "screen" || error.why !== "denied") say(why(error, slot), "stays");
    return false;
  }
}

function listenTo(track) {
  meter?.close();
  meter = new devices.Meter(track);
}

function drop(slot) {
  tracks[slot]?.stop();
  delete tracks[slot];
  if (slot === "microphone") {
    meter?.close();
    meter = null;
  }
}

async function join(wanted) {
  if (line) return;
  if (!window.RTCPeerConnection) {
    say(words.old, "stays");
    return;
  }
  say();
  on.clear();
  line = new Line(part.dataset.socket, { heard, gone: cutOff, refused: (sentence) => (leave(), say(sentence, "stays")) });
  draw();
  for (const slot of wanted) {
    if (await take(slot)) on.add(slot);
  }
  line.prepared = true;
  if (line.greeted) enter();
  offerChoices();
}

/** Asked for when the devices are there and the room has greeted, whichever is later. */
function enter() {
  line.say({ call: "join", on: [...on] });
}

function heard(message) {
  if (message.type === "hello") {
    line.greeted = true;
    if (line.prepared) enter();
  } else if (message.type === "signal") {
    link?.hears(message.from, message.data);
  } else if (message.type === "call") {
    ({ joined, here, gone, refused })[message.call]?.(message);
  }
}

function joined(message) {
  me = message.peer;
  const about = { me, ice: message.ice, speaks: message.speaks };
  const tell = {
    track: (peer, slot, track) => tiles.track(peer, slot, track),
    line: (peer, state) => tiles.line(peer, state),
    broken: () => me && again(),
  };
  link = message.media
    ? new Janus({ ...about, media: message.media, tell })
    : new Mesh({ ...about, tell, signal: (to, data) => line?.say({ signal: { to, data } }) });
  for (const who of message.people) here({ who });
  for (const slot of SLOTS) find(slot).hidden = !message.speaks || (slot === "screen" && !devices.canShareScreen);
  find("listens").hidden = message.speaks;
  if (status.textContent === words.again) say();
  remember();
  draw();
}

/** Somebody is there, or turned something on or off; of this window it is the server's word on what was asked. */
function here({ who }) {
  if (!me) return;
  people.set(who.peer, who);
  tiles.show(who, who.peer === me);
  if (who.peer === me) settle(who.on);
  else link.meets(who);
  draw();
}

function gone({ peer }) {
  people.delete(peer);
  link?.parts(peer);
  tiles.drop(peer);
  draw();
}

function refused({ detail }) {
  say(detail, "stays");
  if (!me) {
    leave();
    say(detail, "stays");
  } else if (asked) {
    drop(asked.slot);
    asked = null;
    draw();
  }
}

/** What is on is sent, what is not is not; the picture's lamp goes out with it. */
function settle(said) {
  for (const slot of SLOTS) {
    if (said[slot]) on.add(slot);
    else on.delete(slot);
    if (!said[slot] && slot !== "microphone" && asked?.slot !== slot) drop(slot);
    const track = said[slot] ? (tracks[slot] ?? null) : null;
    link.publish(slot, track);
    tiles.track(me, slot, track);
  }
  if (asked && said[asked.slot]) asked = null;
  remember();
}

async function turnOn(slot) {
  asked = { slot };
  draw();
  if ((await take(slot)) && me) {
    line.say({ call: "on", on: [...on, slot] });
    offerChoices();
  } else {
    asked = null;
    draw();
  }
}

function turnOff(slot) {
  on.delete(slot);
  if (slot !== "microphone") drop(slot);
  line?.say({ call: "on", on: [...on] });
}

/** The socket broke: those who are connected see each other a moment longer, then all is agreed upon anew. */
function cutOff() {
  if (!line) return;
  line.greeted = false;
  forget();
  if (line) say(words.again, "stays");
  draw();
}

/** The media server is gone: in again, by the same socket. */
function again() {
  forget();
  say(words.again, "stays");
  draw();
  setTimeout(() => line?.greeted && !me && enter(), 2000);
}

function forget() {
  link?.close();
  link = me = asked = null;
  people.clear();
  tiles.clear();
}

function leave() {
  line?.say({ call: "leave" });
  line?.close();
  line = null;
  forget();
  SLOTS.forEach(drop);
  on.clear();
  remember();
  find("hear").hidden = true;
  say();
  draw();
}

/** The lists of devices, as far as they have names by now. */
async function offerChoices() {
  for (const kind of ["microphone", "camera", "loudspeaker"]) {
    const select = find(`choose-${kind}`);
    const listed = kind === "loudspeaker" && !devices.canChooseLoudspeaker ? [] : await devices.listed(kind);
    select.closest("[data-choice]").hidden = listed.length < 1;
    select.replaceChildren(new Option(words.usual, ""), ...listed.map((one) => new Option(one.label || one.deviceId, one.deviceId)));
    select.value = devices.chosen(kind);
    if (select.selectedIndex < 0) select.value = "";
  }
  find("no-choice").hidden = [...part.querySelectorAll("[data-choice]")].some((one) => !one.hidden);
}

async function chose(kind, id) {
  devices.choose(kind, id);
  if (kind === "loudspeaker") {
    tiles.sounding().forEach(devices.soundThroughChosen);
  } else if (tracks[kind]) {
    drop(kind);
    if (on.has(kind) && (await take(kind))) {
      link?.publish(kind, tracks[kind]);
      tiles.track(me, kind, tracks[kind]);
    }
  }
}

part.querySelectorAll("[data-join]").forEach((button) => {
  button.addEventListener("click", () => join(button.dataset.join ? ["microphone"] : []));
});
for (const slot of SLOTS) find(slot).addEventListener("click", () => (on.has(slot) ? turnOff(slot) : turnOn(slot)));
find("leave").addEventListener("click", leave);
find("hear").addEventListener("click", () => {
  tiles.sounding().forEach((audio) => audio.play());
  find("hear").hidden = true;
});
for (const kind of ["microphone", "camera", "loudspeaker"]) find(`choose-${kind}`).addEventListener("change", ({ target }) => chose(kind, target.value));
navigator.mediaDevices?.addEventListener?.("devicechange", () => line && offerChoices());
addEventListener("pagehide", () => line?.close());
/** Whether the room records, and with a yes of this person; the part beside the board says so. */
function look() {
  const said = document.querySelector("[data-recording]")?.dataset;
  recorder.want(said?.recording === "on" && said.agreed === "1");
  find("records").hidden = said?.recording !== "on";
}

new MutationObserver(look).observe(document.querySelector("main"), { subtree: true, childList: true, attributeFilter: ["data-recording", "data-agreed"] });
setInterval(() => {
  if (!me || !link) return;
  const loudness = link.loudness();
  if (meter && on.has("microphone")) loudness.set(me, meter.level() / 4);
  tiles.lit(loudness);
}, LISTEN_EVERY);

draw();
look();
try {
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  if (Array.isArray(kept)) join(kept);
} catch {
  // Nothing to come back to.
}
