/* Reads QR codes from the camera at the back of the phone: by the browser's own detector where it has one, else by a decoder that lies
 * beside this page.
 */

const EVERY = 120; // milliseconds between two looks
const SIDE = 480; // pixels that the decoder looks at
const SAME = 3000; // the same code within this time is one scan

export class Camera {
  constructor(video, decoder, found) {
    Object.assign(this, { video, decoder, found, stream: null, last: "", lastAt: 0, timer: 0 });
  }

  get isOn() {
    return this.stream !== null;
  }

  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.read = await this.#reader();
    this.#look();
  }

  stop() {
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  async #reader() {
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
    if (formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await detector.detect(this.video))[0]?.rawValue;
    }
    const { default: decode } = await import(this.decoder);
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      const { videoWidth: width, videoHeight: height } = this.video;
      const side = Math.min(width, height);
      canvas.width = canvas.height = Math.min(side, SIDE);
      context.drawImage(this.video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
      return decode(context.getImageData(0, 0, canvas.width, canvas.height));
    };
  }

  async #look() {
    try {
      const text = this.video.videoWidth ? await this.read() : "";
      const now = Date.now();
      if (text && (text !== this.last || now - this.lastAt > SAME)) this.found(text);
      if (text) [this.last, this.lastAt] = [text, now];
    } catch {
      // No code in this picture: the next one comes at once.
    }
    if (this.stream) this.timer = setTimeout(() => this.#look(), EVERY);
  }
}
