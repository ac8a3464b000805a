// The little that HTML can't do by itself. Every page works without this file.

// A print button is of no use without script, so pages carry it hidden.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// After a form came back: reading goes on at the list of what is wrong.
document.querySelector("[data-focus]")?.focus();

// A page of one question, opened over the page that leads to it (data-dialog is its link). Without
// script, or when it answers with anything but its question, the link leads there.
const opened = document.querySelector("#dialog");
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || !opened || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const text = await fetch(link.href).then((answer) => answer.text(), () => "");
  const question = new DOMParser().parseFromString(text, "text/html").querySelector(".dialog");
  if (!question) {
    location.assign(link.href);
    return;
  }
  opened.replaceChildren(question);
  window.htmx?.process(opened);
  opened.showModal();
  opened.querySelector("input:not([type=hidden])")?.select();
});
opened?.addEventListener("click", (event) => {
  if (event.target !== opened && !event.target.closest("[data-close]")) return;
  event.preventDefault();
  opened.close();
});

// A form that takes a while (data-busy): how much of it is sent, then that the server is at work.
// What comes back is the page, whatever it says; the address follows where it led.
const busy = (event) => event.target.closest?.("form[data-busy]")?.querySelector("[data-busy-shown]");
document.addEventListener("htmx:beforeRequest", (event) => {
  const shown = busy(event);
  if (shown) shown.hidden = false;
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const shown = busy(event);
  const { lengthComputable, loaded, total } = event.detail;
  if (!shown || !lengthComputable || shown.dataset.sent) return;
  const bar = shown.querySelector("progress");
  bar.value = loaded / total;
  if (loaded < total) return;
  shown.dataset.sent = "all";
  bar.removeAttribute("value");
  shown.querySelector("span").textContent = shown.dataset.working;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.requestConfig?.elt?.matches("form[data-busy]")) return;
  event.detail.shouldSwap = true;
  history.replaceState(null, "", event.detail.xhr.responseURL);
});
document.addEventListener("htmx:afterSettle", () => {
  document.querySelector("[data-focus]")?.focus();
});
for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const shown = busy(event);
    if (shown) shown.hidden = true;
  });
}
