/* The own voice, recorded on this device while the room records: it runs only with a yes of everybody, and only while the microphone is on. */

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const LONGEST = 2 * 60 * 1000; // one stretch; then the next one begins, so that little is lost with a window
const TRIES = [0, 2_000, 10_000, 60_000];

export class Recorder {
  constructor({ place, token, said }) {
    Object.assign(this, { place, token, said, track: null, wanted: false, machine: null });
  }

  /** The room records, or does not; with or without this person. */
  want(wanted) {
    this.wanted = wanted;
    this.#follow();
  }

  /** The microphone as the call has it; null while it is off. */
  hear(track) {
    if (track === this.track) return;
    this.#stop();
    this.track = track;
    this.#follow();
  }

  #follow() {
    if (this.wanted && this.track?.readyState === "live") this.#start();
    else this.#stop();
  }

  #start() {
    if (this.machine || !globalThis.MediaRecorder) return;
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const machine = new MediaRecorder(new MediaStream([this.track]), { mimeType, audioBitsPerSecond: 32_000 });
    const pieces = [];
    const begun = new Date();
    machine.addEventListener("dataavailable", (event) => event.data.size && pieces.push(event.data));
    machine.addEventListener("stop", () => this.#send(new Blob(pieces, { type: machine.mimeType }), begun, crypto.randomUUID()));
    machine.start(10_000);
    machine.ends = setTimeout(() => {
      this.#stop();
      this.#follow();
    }, LONGEST);
    this.machine = machine;
  }

  #stop() {
    if (!this.machine) return;
    clearTimeout(this.machine.ends);
    if (this.machine.state !== "inactive") this.machine.stop();
    this.machine = null;
  }

  async #send(blob, begun, number, attempt = 0) {
    if (!blob.size) return;
    const form = new FormData();
    form.set("op_id", number);
    form.set("begun_at", begun.toISOString().replace("Z", "+00:00"));
    form.set("seconds", String(Math.round((Date.now() - begun) / 1000)));
    form.set("file", blob, "voice");
    try {
      const answer = await fetch(this.place, { method: "POST", headers: { "X-CSRFToken": this.token() }, body: form });
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (!answer.ok) this.said((await answer.json()).detail);
    } catch {
      if (attempt + 1 < TRIES.length) setTimeout(() => this.#send(blob, begun, number, attempt + 1), TRIES[attempt + 1]);
      else this.said(null);
    }
  }
}
