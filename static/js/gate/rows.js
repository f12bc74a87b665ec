/* Rows that are drawn again and again: what did not change stays as it is, and with it the focus of whoever stands there. */

/** Show a row for each of `things` in `list`: `key(thing)` is its own, `make()` a fresh one, `fill(row, thing)` writes it when `told(thing)` is new. */
export function drawRows(list, things, { key, told, make, fill }) {
  const wanted = new Set(things.map((thing) => String(key(thing))));
  const kept = new Map();
  for (const row of [...list.children]) {
    if (wanted.has(row.dataset.row)) kept.set(row.dataset.row, row);
    else row.remove();
  }
  let next = list.firstElementChild;
  for (const thing of things) {
    const name = String(key(thing));
    const row = kept.get(name) ?? make();
    const words = JSON.stringify(told(thing));
    if (row.dataset.told !== words) {
      fill(row, thing);
      Object.assign(row.dataset, { row: name, told: words });
    }
    if (row === next) next = next.nextElementSibling;
    else list.insertBefore(row, next);
  }
}
