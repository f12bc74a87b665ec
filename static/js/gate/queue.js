/* What this phone did at the gate and the server has not heard yet: written down before anything is shown, kept over reloads, sent in
 * order, again and again under the same nonce until it is answered. Each has an entry of its own in the storage, so that two tabs of one
 * phone do not write over each other's; what both send, the server keeps once.
 */

const BATCH = 50;

export class Queue {
  /** `post(scans)` answers `{results}`, null without a network, `{unread: true}` where one of them cannot be read, or `{refused: sentence}`. */
  constructor(storage, prefix, post) {
    Object.assign(this, { storage, prefix, post, sending: false });
  }

  /** Everything that waits, of this tab and of others, the oldest first. */
  get entries() {
    const found = [];
    for (const key of Object.keys(this.storage)) {
      if (key.startsWith(this.prefix)) found.push(JSON.parse(this.storage.getItem(key)));
    }
    return found.sort((a, b) => a.order - b.order);
  }

  get waiting() {
    return Object.keys(this.storage).filter((key) => key.startsWith(this.prefix)).length;
  }

  /** After whatever waits, also where the clock was set back: an undo never goes before its scan. */
  put(scan) {
    const last = this.entries.at(-1)?.order ?? 0;
    const entry = { ...scan, order: Math.max(Date.now(), last + 1) };
    this.storage.setItem(this.prefix + scan.nonce, JSON.stringify(entry));
    return entry;
  }

  /** Send what waits; `settle(scan, answer)` for each that was answered. Answers the sentence of a refusal, or "". */
  async flush(settle) {
    if (this.sending) return "";
    this.sending = true;
    let most = BATCH;
    try {
      for (let batch = this.entries.slice(0, most); batch.length; batch = this.entries.slice(0, most)) {
        const answer = await this.post(batch);
        if (!answer) return "";
        if (answer.refused) return answer.refused;
        if (answer.unread && batch.length > 1) {
          most = 1; // one by one, so that what cannot be read holds nothing else up
          continue;
        }
        const answered = answer.unread ? [{ nonce: batch[0].nonce, result: "unread" }] : answer.results;
        const byNonce = new Map(answered.map((one) => [one.nonce, one]));
        if (!batch.some((scan) => byNonce.has(scan.nonce))) return "";
        for (const scan of batch) {
          if (!byNonce.has(scan.nonce)) continue;
          this.storage.removeItem(this.prefix + scan.nonce);
          settle(scan, byNonce.get(scan.nonce));
        }
      }
      return "";
    } finally {
      this.sending = false;
    }
  }
}
