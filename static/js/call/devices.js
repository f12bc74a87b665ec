/* Microphone, camera, screen and loudspeaker of this device: what was chosen is remembered here, and why something cannot be had is a word. */

const KEPT = "call-devices";
const PICTURE = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const KINDS = { microphone: "audioinput", camera: "videoinput", loudspeaker: "audiooutput" };

export const canChooseLoudspeaker = "setSinkId" in HTMLMediaElement.prototype;
export const canShareScreen = Boolean(navigator.mediaDevices?.getDisplayMedia);

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

/** The device of a kind that was chosen on this machine, or "". */
export const chosen = (kind) => kept()[kind] ?? "";

export function choose(kind, id) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [kind]: id }));
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

/** What there is of a kind. Before the permission devices have no names, and are not listed. */
export async function listed(kind) {
  if (!navigator.mediaDevices?.enumerateDevices) return [];
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((one) => one.kind === KINDS[kind] && one.deviceId);
}

/** One of insecure, unsupported, denied, missing, busy: why there is no track. */
export class Unavailable extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

const REASONS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing", NotReadableError: "busy", AbortError: "busy" };

async function trackOf(kind, constraints) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Unavailable(window.isSecureContext ? "unsupported" : "insecure");
  const id = chosen(kind);
  try {
    const wanted = id ? { ...constraints, deviceId: { exact: id } } : constraints;
    const stream = await navigator.mediaDevices.getUserMedia({ [kind === "camera" ? "video" : "audio"]: wanted });
    return stream.getTracks()[0];
  } catch (error) {
    if (error.name === "OverconstrainedError" && id) {
      choose(kind, ""); // it was unplugged: any other will do
      return trackOf(kind, constraints);
    }
    throw new Unavailable(REASONS[error.name] ?? "missing");
  }
}

export const microphone = () => trackOf("microphone", SOUND);

export async function camera() {
  const track = await trackOf("camera", PICTURE);
  track.contentHint = "motion";
  return track;
}

export async function screen() {
  if (!canShareScreen) throw new Unavailable("unsupported");
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
    const [track] = stream.getVideoTracks();
    track.contentHint = "detail"; // words stay sharp, movement may stutter
    return track;
  } catch (error) {
    throw new Unavailable(REASONS[error.name] ?? "missing");
  }
}

/** Let an element sound through the chosen loudspeaker; one that is gone means the usual one. */
export async function soundThroughChosen(element) {
  if (!canChooseLoudspeaker) return;
  try {
    await element.setSinkId(chosen("loudspeaker"));
  } catch {
    choose("loudspeaker", "");
  }
}

/** How loud a track is right now, from 0 to 1. */
export class Meter {
  constructor(track) {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.context.createMediaStreamSource(new MediaStream([track])).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.context.resume();
  }

  level() {
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    return Math.min(1, Math.sqrt(sum / this.samples.length) * 4);
  }

  close() {
    this.context.close();
  }
}
