/* Those who are connected: a tile for each window, with the picture when there is one, and a wide one for a shared screen. */

import { soundThroughChosen } from "./devices.js";

const LOUD = 0.02;
const STAYS_LIT = 700; // a pause for breath does not put the ring out

export class Tiles {
  /** `list` holds the tiles, `screens` the shared ones, `pattern` is the template of one, `said` the words, `blocked()` is told when sound waits for a tap. */
  constructor({ list, screens, pattern, said, blocked }) {
    Object.assign(this, { list, screens, pattern, said, blocked, shown: new Map() });
  }

  /** Show who is there and what is on. */
  show(who, mine) {
    const entry = this.shown.get(who.peer) ?? this.add(who, mine);
    entry.who = who;
    entry.tile.classList.toggle("silent", !who.on.microphone);
    entry.tile.querySelector("[data-muted]").hidden = who.on.microphone;
    entry.tile.querySelector("[data-listens]").hidden = who.role !== "observer";
    this.picture(entry, "camera");
    this.picture(entry, "screen");
  }

  add(who, mine) {
    const tile = this.copy(who.name, mine);
    const entry = { who, mine, tile, tracks: {}, lit: 0 };
    if (!mine) {
      entry.audio = Object.assign(document.createElement("audio"), { autoplay: true });
      tile.append(entry.audio);
      soundThroughChosen(entry.audio);
    }
    this.list.append(tile);
    this.shown.set(who.peer, entry);
    return entry;
  }

  copy(name, mine) {
    const tile = this.pattern.content.firstElementChild.cloneNode(true);
    tile.querySelector("[data-name]").textContent = mine ? this.said.you : name;
    tile.querySelector("[data-face]").textContent = [...name][0]?.toUpperCase() ?? "";
    tile.classList.toggle("mine", mine);
    tile.querySelector("video").muted = true; // its sound comes from elsewhere
    const larger = tile.querySelector("[data-larger]");
    larger.setAttribute("aria-label", this.said.larger.replace("{name}", name));
    larger.addEventListener("click", () => {
      const on = tile.classList.toggle("large");
      larger.setAttribute("aria-pressed", String(on));
      tile.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    return tile;
  }

  /** What arrives from somebody, or the own track. */
  track(peer, slot, track) {
    const entry = this.shown.get(peer);
    if (!entry) return;
    entry.tracks[slot] = track;
    if (slot !== "microphone") this.picture(entry, slot);
    else if (entry.audio && entry.audio.srcObject?.getTracks()[0] !== track) {
      entry.audio.srcObject = track && new MediaStream([track]);
      entry.audio.play().catch((error) => error.name === "NotAllowedError" && this.blocked());
    }
  }

  picture(entry, slot) {
    const track = entry.who.on[slot] ? entry.tracks[slot] : null;
    if (slot === "screen") {
      if (track && !entry.screen) {
        entry.screen = this.copy(this.said.screenOf.replace("{name}", entry.who.name), false);
        entry.screen.classList.add("screen");
        this.screens.append(entry.screen);
      } else if (!track) {
        entry.screen?.remove();
        entry.screen = null;
      }
    }
    const tile = slot === "screen" ? entry.screen : entry.tile;
    if (!tile) return;
    const video = tile.querySelector("video");
    if ((video.srcObject?.getTracks()[0] ?? null) !== (track ?? null)) {
      video.srcObject = track ? new MediaStream([track]) : null;
      if (track) video.play().catch(() => {}); // an empty picture; sound has its own button
    }
    tile.classList.toggle("pictured", Boolean(track));
    tile.querySelector("[data-larger]").hidden = !track;
  }

  /** "fine", "weak", "lost", or "" while it is being found. */
  line(peer, state) {
    const entry = this.shown.get(peer);
    if (!entry || entry.line === state) return;
    entry.line = state;
    const sign = entry.tile.querySelector("[data-line]");
    sign.hidden = state === "fine";
    sign.textContent = this.said[{ weak: "weak", lost: "lost" }[state] ?? "finding"];
  }

  lit(loudness) {
    const now = performance.now();
    for (const [peer, entry] of this.shown) {
      if (entry.who.on.microphone && (loudness.get(peer) ?? 0) > LOUD) entry.lit = now;
      entry.tile.classList.toggle("loud", entry.who.on.microphone && now - entry.lit < STAYS_LIT);
    }
  }

  sounding() {
    return [...this.shown.values()].map((entry) => entry.audio).filter(Boolean);
  }

  drop(peer) {
    const entry = this.shown.get(peer);
    entry?.tile.remove();
    entry?.screen?.remove();
    this.shown.delete(peer);
  }

  clear() {
    for (const peer of [...this.shown.keys()]) this.drop(peer);
  }
}
