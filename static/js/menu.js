// Menus are <details>: close on Escape, on a press elsewhere, and when another opens. Arrow keys walk.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape") {
    for (const each of open()) {
      each.open = false;
      if (each === menu) each.querySelector("summary").focus();
    }
  } else if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const stops = [...menu.querySelectorAll(".menu-list a, .menu-list button:not([hidden])")];
    if (!stops.length) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = stops.indexOf(document.activeElement);
    stops[(at + step + stops.length) % stops.length].focus();
  }
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
