// 그룹사 순서 without a page for every step: what is moved is asked of the server, which knows the
// rules and their sentences, and the tree it answers with takes the place of this one. The page
// works without this file.

const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
const form = () => document.querySelector("form[data-order]");

async function move(fields) {
  const data = new FormData(form());
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  const answer = await fetch(location.pathname, { method: "POST", body: data }).catch(() => null);
  const text = answer?.ok ? await answer.text() : "";
  const found = new DOMParser().parseFromString(text, "text/html").querySelector("#arrange");
  if (!found) {
    location.reload();
    return;
  }
  document.querySelector("#arrange").replaceWith(found);
  form()?.querySelector("input[name=company]:checked")?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("form[data-order] button[name=act]");
  if (!button) return;
  event.preventDefault();
  move({ act: button.value });
});

document.addEventListener("keydown", (event) => {
  const radio = event.target.closest?.("form[data-order] input[name=company]");
  if (!radio || !event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  move({ act: KEYS[event.key], company: radio.value });
});

// Dragging by pointer events, so that a finger can do it, too. The upper part of a company is
// before it, the lower part after it, the middle below it.
let drag = null;

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  drag = { node: grip.closest("[data-place]"), over: null, where: "" };
  grip.setPointerCapture(event.pointerId);
  drag.node.dataset.dragged = "";
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const found = document.elementFromPoint(event.clientX, event.clientY);
  const over = found?.closest?.("form[data-order] [data-place]") ?? null;
  if (drag.over && drag.over !== over) delete drag.over.dataset.drop;
  drag.over = over;
  if (!over) return;
  const box = over.getBoundingClientRect();
  const part = (event.clientY - box.top) / box.height;
  drag.where = part < 0.3 ? "before" : part > 0.7 ? "after" : "into";
  over.dataset.drop = drag.where;
});

function end(isDropped) {
  if (!drag) return;
  const { node, over, where } = drag;
  drag = null;
  delete node.dataset.dragged;
  if (over) delete over.dataset.drop;
  if (!isDropped || !over || over === node) return;
  move({ act: "drop", company: node.dataset.place, onto: over.dataset.place, where });
}

document.addEventListener("pointerup", () => end(true));
document.addEventListener("pointercancel", () => end(false));
