// Comforts of the pages; each page works before and without them.
"use strict";

document.documentElement.classList.add("has-script");

// A form is sent once: the second click of a double click does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
// Coming back with the browser's arrow makes the form usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
// The summary of errors is read first.
document.getElementById("erreurs")?.focus();
