/* Pictures on the board and their pins, drawn from the state. A tap on a picture takes the place for the next pin; by keyboard it is two
 * numbers. */

import { graft } from "./graft.js";
import { clone, number, write } from "./patterns.js";

const PINS_ACROSS = 34;
const SVG = "http://www.w3.org/2000/svg";
const drawn = new Map();

export function drawPictures(root, pictures, nameOf, addressOf) {
  const holder = root.querySelector(".pictures");
  holder.hidden = !pictures.length;
  const wanted = new Set(pictures.map((one) => `p${one.id}`));
  for (const old of [...holder.children]) if (!wanted.has(old.id)) old.remove();
  for (const picture of pictures) {
    let part = document.getElementById(`p${picture.id}`);
    if (!part) {
      part = patternOf(picture);
      holder.append(part);
    } else if (drawn.get(picture.id) === picture) continue;
    drawn.set(picture.id, picture);
    fill(part, picture, nameOf, addressOf);
  }
}

/** The patterns changed with the phase. */
export function refitPictures(root, pictures, lost) {
  drawn.clear();
  for (const picture of pictures) {
    const old = root.querySelector(`#p${picture.id}`);
    if (old) graft(old, patternOf(picture), lost);
  }
}

const patternOf = (picture) => number(clone(picture.mine ? "picture-mine" : "picture-other"), picture.id);

function fill(part, picture, nameOf, addressOf) {
  const image = part.querySelector("img");
  const address = addressOf(picture.image);
  if (image.getAttribute("src") !== address) Object.assign(image, { width: picture.width, height: picture.height, alt: picture.text, src: address });
  write(part.querySelector(".about"), picture.text);
  write(part.querySelector("figcaption .whose"), nameOf(picture.author));
  const svg = part.querySelector("svg");
  svg.setAttribute("viewBox", `0 0 ${picture.width} ${picture.height}`);
  svg.replaceChildren(...picture.pins.map((pin) => marker(picture, pin)));
  const list = part.querySelector(".pins");
  list.replaceChildren(...picture.pins.map((pin) => line(pin, nameOf)));
}

function marker({ width, height }, { x, y, mine, number: count }) {
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("class", mine ? "pin mine" : "pin");
  group.setAttribute("transform", `translate(${(x * width) / 100} ${(y * height) / 100}) scale(${Math.max(width, height) / PINS_ACROSS})`);
  const circle = document.createElementNS(SVG, "circle");
  circle.setAttribute("r", 1);
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("y", 0.36);
  text.textContent = count;
  group.append(circle, text);
  return group;
}

function line(pin, nameOf) {
  const part = number(clone(pin.mine ? "pin-mine" : "pin-other"), pin.id);
  write(part.querySelector(".number"), pin.number);
  write(part.querySelector(".says"), pin.text);
  write(part.querySelector(".whose"), nameOf(pin.author));
  return part;
}

/** A tap: the place stands in the form, and the form waits for the words. */
document.addEventListener("click", (event) => {
  const pinned = event.target.closest?.("#board .pinned.open");
  if (!pinned) return;
  const box = pinned.getBoundingClientRect();
  const hundredths = (value, size) => Math.round(Math.min(Math.max(value / size, 0), 1) * 1000) / 10;
  const form = pinned.closest("figure").querySelector(".put-pin form");
  form.closest("details").open = true;
  form.elements.x.value = hundredths(event.clientX - box.left, box.width);
  form.elements.y.value = hundredths(event.clientY - box.top, box.height);
  aim(pinned, form);
  form.elements.text.focus();
});
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("#board .put-pin form");
  if (form) aim(form.closest("figure").querySelector(".pinned"), form);
});

function aim(pinned, form) {
  const svg = pinned.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  svg.querySelector(".next")?.remove();
  const next = marker({ width, height }, { x: Number(form.elements.x.value), y: Number(form.elements.y.value), mine: true, number: "+" });
  next.classList.add("next");
  svg.append(next);
}
