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
