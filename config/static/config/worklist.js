// Comforts of the worklist; the page works without them.
"use strict";

// How many cases are ticked, beside what may be done of them.
for (const form of document.querySelectorAll(".pl-bulk")) {
  const told = form.querySelector("output");
  const count = () => {
    const ticked = form.querySelectorAll("tbody :checked").length;
    told.textContent = ticked > 1 ? `${ticked} dossiers cochés` : `${ticked || "Aucun"} dossier coché`;
  };
  form.addEventListener("change", count);
  // Coming back, the browser ticks again what was ticked.
  window.addEventListener("pageshow", count);
}

// Single keys. They never act in a field, they can be turned off, and each does what a link or a field does.
{
  const KEPT = "raccourcis";
  const help = document.getElementById("raccourcis");
  const button = help.querySelector("button");
  const rows = () => [...document.querySelectorAll(".pl-list .pl-link")];

  const move = (step) => {
    const links = rows();
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    links[next]?.focus();
  };
  const ACTIONS = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.getElementById("f-q").focus(),
    n: () => document.querySelector("[data-next]")?.click(),
    p: () => document.querySelector("[data-previous]")?.click(),
    x: () => document.activeElement.closest(".pl-list tr")?.querySelector("[name=dossier]")?.click(),
  };

  const isOn = () => localStorage.getItem(KEPT) !== "non";
  const show = () => {
    help.dataset.on = isOn() ? "yes" : "no";
    button.textContent = isOn() ? "Désactiver les raccourcis" : "Activer les raccourcis";
    for (const item of help.querySelectorAll("li:not(:last-child)")) item.hidden = !isOn();
  };
  button.addEventListener("click", () => {
    localStorage.setItem(KEPT, isOn() ? "non" : "oui");
    show();
  });
  document.addEventListener("keydown", (event) => {
    const action = ACTIONS[event.key.toLowerCase()];
    const inField = event.target.closest("input, select, textarea, [contenteditable]");
    if (!action || inField || !isOn() || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    action();
  });
  show();
}
