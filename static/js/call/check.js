/* Before the meeting: the own picture, how loud the microphone is, tones for the loudspeaker. What is chosen is remembered for the room. */

import * as devices from "./devices.js";

const part = document.getElementById("call-check");
const words = document.querySelector("[data-words]").dataset;
const find = (name, value) => part.querySelector(value ? `[data-${name}="${value}"]` : `[data-${name}]`);
const KINDS = ["microphone", "camera", "loudspeaker"];
const HEARD = 0.05;
const TONES = [440, 554, 659];
const TONE_SECONDS = 0.35;

const tracks = {};
let meter = null;

function found(kind, sentence, good) {
  const place = find("found", kind);
  if (!place || place.textContent === sentence) return;
  place.textContent = sentence;
  place.className = `found ${good ? "good" : "warn"}`;
}

async function attempt(kind) {
  tracks[kind]?.stop();
  try {
    tracks[kind] = await devices[kind]();
  } catch (error) {
    found(kind, words[`${error.why}${kind[0].toUpperCase()}${kind.slice(1)}`] ?? words[error.why], false);
    return;
  }
  if (kind === "camera") showPicture();
  else {
    meter?.close();
    meter = new devices.Meter(tracks[kind]);
    found(kind, words.silentMicrophone, false);
  }
  offerChoices();
}

function showPicture() {
  const preview = find("preview");
  const video = preview.querySelector("video");
  video.muted = true;
  video.srcObject = new MediaStream([tracks.camera]);
  video.addEventListener("playing", () => found("camera", words.worksCamera, true), { once: true });
  preview.hidden = false;
}

setInterval(() => {
  if (!meter) return;
  const level = meter.level();
  find("level").value = level;
  if (level > HEARD) found("microphone", words.worksMicrophone, true);
}, 100);

/** Through an element, since only an element can be sent to a chosen loudspeaker. */
async function playTones() {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const loud = context.createGain();
  loud.gain.value = 0.3;
  loud.connect(out);
  TONES.forEach((pitch, number) => {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(loud);
    tone.start(context.currentTime + number * TONE_SECONDS);
    tone.stop(context.currentTime + (number + 0.8) * TONE_SECONDS);
    if (number === TONES.length - 1) tone.onended = () => setTimeout(() => context.close(), 500);
  });
  const audio = new Audio();
  audio.srcObject = out.stream;
  await devices.soundThroughChosen(audio);
  await audio.play();
  found("loudspeaker", words.tone, false);
  for (const answer of ["yes", "no"]) find("answer", answer).hidden = false;
}

async function offerChoices() {
  for (const kind of KINDS) {
    const select = find(`choose-${kind}`);
    if (!select) continue;
    const listed = kind === "loudspeaker" && !devices.canChooseLoudspeaker ? [] : await devices.listed(kind);
    select.closest("[data-choice]").hidden = !listed.length;
    select.replaceChildren(new Option(words.usual, ""), ...listed.map((one) => new Option(one.label || one.deviceId, one.deviceId)));
    select.value = devices.chosen(kind);
    if (select.selectedIndex < 0) select.value = "";
  }
}

for (const kind of KINDS) {
  find("try", kind)?.addEventListener("click", () => attempt(kind));
  find(`choose-${kind}`)?.addEventListener("change", ({ target }) => {
    devices.choose(kind, target.value);
    if (tracks[kind]) attempt(kind);
  });
}
find("tone").addEventListener("click", playTones);
find("answer", "yes").addEventListener("click", () => found("loudspeaker", words.worksLoudspeaker, true));
find("answer", "no").addEventListener("click", () => found("loudspeaker", words.noTone, false));
addEventListener("pagehide", () => Object.values(tracks).forEach((track) => track.stop()));

part.hidden = false;
if (!window.isSecureContext) find("said").textContent = words.insecure;
offerChoices();
