/* Quality falls before it breaks: how large a picture is sent, by how many listen and how well the line carries. Sound is never made smaller. */

/** From the best to none. A shared screen stays sharp, comes less often, and goes last. */
export const CAMERA = [
  { scale: 1, bitrate: 600_000, framerate: 24 },
  { scale: 1.5, bitrate: 300_000, framerate: 20 },
  { scale: 2, bitrate: 150_000, framerate: 15 },
  { scale: 4, bitrate: 60_000, framerate: 8 },
  null,
  null,
];
export const SCREEN = [
  { scale: 1, bitrate: 1_500_000, framerate: 12 },
  { scale: 1, bitrate: 900_000, framerate: 10 },
  { scale: 1, bitrate: 500_000, framerate: 6 },
  { scale: 1.5, bitrate: 300_000, framerate: 4 },
  { scale: 2, bitrate: 150_000, framerate: 2 },
  null,
];
export const WORST = CAMERA.length - 1;
const WEAK = 3; // from here on a sign says that the line is weak
const MUCH_LOST = 0.08;
const LITTLE_LOST = 0.02;
const GOOD_LOOKS = 5; // so many good looks in a row before it is tried better again

/** The best level while so many others are sent to apart. */
export const bestFor = (others) => (others <= 2 ? 0 : others <= 4 ? 1 : 2);

/** The level of one line, moved by what is seen of it. */
export class Ladder {
  level = 0;
  good = 0;

  /** `lost`: the share that did not arrive; `carries`: bits a second that the browser believes the line takes, if it knows. */
  look({ lost = 0, carries = Infinity, wanted = 0, eased = false }) {
    if (eased || lost > MUCH_LOST || carries < wanted * 0.6) {
      this.level = Math.min(WORST, this.level + 1);
      this.good = 0;
    } else if (lost < LITTLE_LOST && this.level > 0 && ++this.good >= GOOD_LOOKS) {
      this.level -= 1;
      this.good = 0;
    }
    return this.level;
  }

  get isWeak() {
    return this.level >= WEAK;
  }
}

/** Send a picture as a step of a ladder says; `null` sends none. Tells whether it is sent. */
export async function sendAs(sender, step) {
  if (!sender?.track) return false;
  const said = sender.getParameters();
  const [encoding] = said.encodings ?? [];
  if (!encoding) return false; // not agreed upon yet
  const wanted = step
    ? { active: true, maxBitrate: step.bitrate, maxFramerate: step.framerate, scaleResolutionDownBy: step.scale }
    : { active: false };
  if (Object.entries(wanted).some(([name, value]) => encoding[name] !== value)) {
    Object.assign(encoding, wanted);
    try {
      await sender.setParameters(said);
    } catch {
      return true; // agreed anew at this moment: the next look sets it
    }
  }
  return Boolean(step);
}

/** What the browser knows of a connection since the last look: shares lost each way, and what the line carries. */
export class Looks {
  before = { lost: 0, received: 0 };

  async of(connection) {
    const now = { lost: 0, received: 0 };
    let lost = 0;
    let carries = Infinity;
    for (const row of (await connection.getStats()).values()) {
      if (row.type === "remote-inbound-rtp") lost = Math.max(lost, row.fractionLost ?? 0);
      if (row.type === "candidate-pair" && row.nominated && row.availableOutgoingBitrate) carries = row.availableOutgoingBitrate;
      if (row.type === "inbound-rtp" && row.kind === "audio") {
        now.lost += Math.max(0, row.packetsLost ?? 0);
        now.received += row.packetsReceived ?? 0;
      }
    }
    const missing = now.lost - this.before.lost;
    const all = missing + now.received - this.before.received;
    this.before = now;
    return { lost, carries, heardLost: all > 20 ? Math.max(0, missing) / all : 0 };
  }
}

export const hearsBadly = (share) => share > MUCH_LOST;
