// The little that HTML can't do by itself. Every page works without this file.

// A print button is of no use without script, so pages carry it hidden.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// After a form came back: reading goes on at the list of what is wrong.
document.querySelector("[data-focus]")?.focus();
