/* How long a line that broke waits before it is tried again: briefly at first, so that all are back soon after a server that was killed, each at
 * a moment of its own, and seldom once it lasts. */

const FIRST = 300;
const LONGEST = 2500;
const SELDOM = 15_000;
const PATIENCE = 40; // tries in a row

export function pauseAfter(tries, seldom = false) {
  const pause = seldom || tries > PATIENCE ? SELDOM : Math.min(FIRST * 1.6 ** (tries - 1), LONGEST);
  return pause * (0.5 + Math.random() / 2);
}
