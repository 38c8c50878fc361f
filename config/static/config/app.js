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
// « Imprimer » opens the browser's own dialogue.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// What is folded but belongs to the paper is unfolded for it.
const UNFOLDED = "details[data-printed]:not([open])";
window.addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll(UNFOLDED)) {
    each.open = true;
    window.addEventListener("afterprint", () => { each.open = false; }, { once: true });
  }
});
// Where a strip of links scrolls sideways, the link of this page is brought into sight.
for (const link of document.querySelectorAll(".pl-nav [aria-current], .pl-counters [aria-current]")) {
  let strip = link.parentElement;
  while (strip && strip !== document.body && strip.scrollWidth <= strip.clientWidth) strip = strip.parentElement;
  if (!strip || strip === document.body) continue;
  const [box, frame] = [link.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
}
// A list that scrolls sideways is reached by the keyboard, and says what it is.
for (const list of document.querySelectorAll(".pl-list")) {
  const told = { role: "region", tabindex: "0", "aria-label": "Liste, défilable" };
  new ResizeObserver(() => {
    const isCut = list.scrollWidth > list.clientWidth;
    for (const [name, value] of Object.entries(told)) isCut ? list.setAttribute(name, value) : list.removeAttribute(name);
  }).observe(list);
}
// A file dropped on a text is chosen in the field beside it, where the browser alone would leave the page.
for (const text of document.querySelectorAll("[data-drop]")) {
  const holdsFile = (event) => event.dataTransfer.types.includes("Files");
  text.addEventListener("dragover", (event) => holdsFile(event) && event.preventDefault());
  text.addEventListener("drop", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    document.getElementById(text.dataset.drop).files = event.dataTransfer.files;
    text.form.requestSubmit(text.form.elements.paste);
  });
}
// The summary of errors is read first.
document.getElementById("erreurs")?.focus();

// A session that ends while a person writes loses nothing: the answers wait in this tab while they sign in again, and
// leave it on any other page.
{
  const KEPT = "reponses";
  const SIGN_IN = "/connexion/";
  const isText = ([, value]) => typeof value === "string";
  const isOurs = ([name]) => !["csrfmiddlewaretoken", "password"].includes(name);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || location.pathname === SIGN_IN) return;
    const answers = [...new FormData(form)].filter(isText).filter(isOurs);
    sessionStorage.setItem(KEPT, JSON.stringify({ path: new URL(form.action).pathname, answers }));
  });

  const restore = (form, answers) => {
    for (const field of form.elements) {
      if (!field.name || ["hidden", "file", "submit", "password"].includes(field.type)) continue;
      const given = answers.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(field.type)) field.checked = given.includes(field.value);
      else if (given.length) field.value = given[0];
    }
    const note = document.createElement("p");
    note.className = "pl-note is-warn";
    note.setAttribute("role", "status");
    note.textContent = "Votre session avait pris fin. Ce que vous aviez écrit est revenu : relisez, puis envoyez de nouveau. Les fichiers sont à choisir une seconde fois.";
    form.prepend(note);
  };

  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (kept && location.pathname !== SIGN_IN) {
    sessionStorage.removeItem(KEPT);
    const form = document.querySelector("main form[method=post]");
    const cameFrom = document.referrer ? new URL(document.referrer).pathname : "";
    if (form && kept.path === location.pathname && cameFrom === SIGN_IN) restore(form, kept.answers);
  }
}
