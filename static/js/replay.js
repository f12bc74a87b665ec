/* The line of minutes: moving it shows that minute, and it plays by itself. What is shown comes from the server, as it does by links. */

const PLACE = "replay";
const STEP = 1200; // milliseconds for a minute

const place = () => document.getElementById(PLACE);
const slider = () => document.getElementById("replay-minute");
const button = () => place().querySelector(".replay-play");
const steps = () => place().dataset.steps.split(" ").map(Number);

let playing = 0;
let asked = 0;

/** Show the board of an address; the answer of an older question is dropped. */
async function show(address) {
  const number = ++asked;
  const answer = await fetch(address, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(PLACE);
  if (number !== asked) return;
  if (!answer.ok || !fresh) {
    location.assign(address);
    return;
  }
  const held = document.activeElement?.id || (document.activeElement === button() ? "play" : "");
  place().replaceWith(fresh);
  history.replaceState(null, "", address);
  begin();
  if (held === "play") button().focus();
  else if (held) document.getElementById(held)?.focus();
}

const address = (minute) => `?minute=${minute}`;

function stop() {
  clearTimeout(playing);
  playing = 0;
  label();
}

function label() {
  const { play, pause } = button().dataset;
  button().lastChild.textContent = playing ? ` ${pause}` : ` ${play}`;
  button().setAttribute("aria-pressed", String(Boolean(playing)));
}

/** On to the next minute in which something happened. */
async function go() {
  const all = steps();
  const here = Number(slider().value);
  const next = all.findIndex((seq, minute) => minute > here && seq !== all[here]);
  if (next < 0) {
    stop();
    return;
  }
  await show(address(next)).catch(stop);
  if (playing) playing = setTimeout(go, STEP);
}

function begin() {
  place().querySelector(".replay-show").hidden = true;
  button().hidden = false;
  label();
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".replay-play")) {
    if (playing) {
      stop();
      return;
    }
    if (Number(slider().value) >= Number(slider().max)) slider().value = 0;
    playing = setTimeout(go);
    label();
    return;
  }
  const link = event.target.closest(`#${PLACE} a[href^="?at="]`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  stop();
  show(link.getAttribute("href")).catch(() => location.assign(link.href));
});

document.addEventListener("change", (event) => {
  if (event.target !== slider()) return;
  stop();
  show(address(slider().value)).catch(() => location.assign(address(slider().value)));
});

if (place()) begin();
