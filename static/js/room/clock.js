/* The clock of the room counts by the server's time, not by this device's (W9). */

let offset = 0; // what the server's clock is ahead of this one

export const setServerTime = (moment) => (offset = Date.parse(moment) - Date.now());
export const serverNow = () => Date.now() + offset;

/** Minutes and seconds until the deadline, or since. */
function tick() {
  const clock = document.querySelector("#room [data-deadline]");
  if (!clock) return;
  const left = Math.round((Date.parse(clock.dataset.deadline) - serverNow()) / 1000);
  const seconds = Math.abs(left);
  const text = `${left < 0 ? "−" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const shown = clock.querySelector("time");
  if (shown.textContent !== text) shown.textContent = text;
  clock.classList.toggle("over", left < 0);
}

export function startClock() {
  tick();
  setInterval(tick, 1000);
}
