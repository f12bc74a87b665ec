/* The list that this phone carries: who is expected, who is in. It judges a ticket without a network, as the server will; the server's
 * word is the last one.
 */

const CAME = ["in", "more", "walk_in"];

/** SHA-256 of a ticket in hexadecimal, as the list has it. */
export async function hashOf(ticket) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Roster {
  /** `until`: when it leaves the phone. */
  constructor(storage, key, until) {
    Object.assign(this, { storage, key });
    const kept = JSON.parse(storage.getItem(key) ?? "null");
    Object.assign(this, kept ?? { stamp: "", places: [], expected: 0, walkIns: 0, loadedAt: null });
    this.until = until;
    this.#index();
  }

  get people() {
    return this.places.reduce((sum, place) => sum + place.came, 0) + this.walkIns;
  }

  /** Who is expected or is in; a phone also carries the places that were given up or wait, to judge their tickets. */
  get listed() {
    return this.places.filter((place) => place.state === "going" || place.came);
  }

  clear() {
    Object.assign(this, { stamp: "", places: [], expected: 0, walkIns: 0, loadedAt: null });
    this.#index();
    this.#keep();
  }

  /** The next look takes the whole list. */
  forgetStamp() {
    this.stamp = "";
  }

  /** The server's list, and over it what it has not heard yet. */
  take(answer, waiting) {
    this.stamp = answer.stamp;
    this.expected = answer.expected;
    this.loadedAt = Date.now();
    if (answer.places) {
      this.places = answer.places;
      this.#index();
      this.walkIns = answer.came - this.places.reduce((sum, place) => sum + place.came, 0);
      for (const scan of waiting) this.#apply(scan, this.byNumber.get(scan.place), this.verdict(scan, this.byNumber.get(scan.place)));
    }
    this.#keep();
  }

  byTicket(hash) {
    return this.byHash.get(hash);
  }

  search(words, most) {
    const wanted = words.trim().toLocaleLowerCase();
    const fits = (place) => `${place.name} ${place.username} ${place.plate} ${place.car}`.toLocaleLowerCase().includes(wanted);
    return this.listed.filter((place) => !wanted || fits(place)).slice(0, most);
  }

  /** What a scan comes to, as far as this phone knows. */
  verdict(scan, place) {
    if (scan.kind === "undo") return "undo";
    if (scan.kind === "walk_in") return place?.came ? "again" : "walk_in";
    if (!place) return "unknown";
    if (place.came) return scan.kind === "more" ? "more" : "again";
    return place.state === "going" ? "in" : "not_going";
  }

  /** Do it on this phone. Answers the verdict. */
  do(scan, place) {
    const verdict = this.verdict(scan, place);
    this.#apply(scan, place, verdict);
    this.#keep();
    return verdict;
  }

  #apply(scan, place, verdict) {
    if (verdict === "undo") {
      const undone = this.places.find((one) => one.nonce === scan.of);
      const fewer = this.byNumber.get(scan.morePlace);
      if (undone) Object.assign(undone, { came: 0, at: null, device: "", nonce: "" });
      else if (fewer) fewer.came = Math.max(fewer.came - scan.morePeople, 0);
      else if (scan.walkedIn) this.walkIns = Math.max(this.walkIns - scan.walkedIn, 0);
      return;
    }
    if (!CAME.includes(verdict)) return;
    const people = scan.people ?? (place && verdict !== "more" ? place.party : 1);
    if (!place) this.walkIns += people;
    else if (verdict === "more") place.came += people;
    else Object.assign(place, { came: people, at: scan.scanned_at, device: scan.device, nonce: scan.nonce });
  }

  #index() {
    this.byHash = new Map(this.places.map((place) => [place.ticket, place]));
    this.byNumber = new Map(this.places.map((place) => [place.place, place]));
  }

  #keep() {
    const { stamp, places, expected, walkIns, loadedAt, until } = this;
    this.storage.setItem(this.key, JSON.stringify({ stamp, places, expected, walkIns, loadedAt, until }));
  }
}
