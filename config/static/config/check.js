// The officer's check: pages turned in place, sentences of the motives, keys. Each key presses a button of the page.
"use strict";

const viewer = document.querySelector("[data-slides]");
const part = (name) => viewer.querySelector(`[data-view="${name}"]`);

function may(link, isAllowed) {
  link.classList.toggle("disabled", !isAllowed);
  if (isAllowed) {
    link.setAttribute("href", "#");
    link.removeAttribute("role");
    link.removeAttribute("aria-disabled");
  } else {
    link.removeAttribute("href");
    link.setAttribute("role", "link");
    link.setAttribute("aria-disabled", "true");
  }
}

if (viewer) {
  const slides = JSON.parse(viewer.dataset.slides);
  const picture = part("picture");
  const level = (name) => Number(picture.className.match(new RegExp(`is-${name}-(\\d)`))[1]);
  const become = (name, value) => {
    picture.className = picture.className.replace(new RegExp(`is-${name}-\\d`), `is-${name}-${value}`);
  };
  let page = Number(viewer.dataset.page);

  function show(wanted) {
    const slide = slides[wanted - 1];
    if (!slide) return;
    page = wanted;
    picture.hidden = !slide.url;
    if (slide.url) picture.src = slide.url;
    picture.alt = picture.alt.replace(/, [^,]*$/, `, ${slide.label.toLowerCase() || "une page"}`);
    part("told").hidden = Boolean(slide.url);
    part("told").textContent = slide.told;
    part("label").textContent = [slide.label, slide.name].filter(Boolean).join(" · ");
    part("original")?.setAttribute("href", slide.original);
    may(part("earlier"), page > 1);
    may(part("later"), page < slides.length);
    viewer.querySelector(".pl-stage").scrollTop = 0;
  }

  const tools = {
    earlier: () => show(page - 1),
    later: () => show(page + 1),
    smaller: () => become("zoomed", Math.max(level("zoomed") - 1, 0)),
    larger: () => become("zoomed", Math.min(level("zoomed") + 1, 2)),
    turn: () => become("turned", (level("turned") + 1) % 4),
  };
  viewer.addEventListener("click", (event) => {
    const tool = tools[event.target.closest("[data-view]")?.dataset.view];
    if (!tool) return;
    event.preventDefault();
    tool();
  });
}

// The sentence follows the motive, until somebody writes another.
const verdict = document.querySelector("form.pl-verdict");
if (verdict) {
  const motive = verdict.querySelector("select");
  const sentence = verdict.querySelector("textarea");
  const texts = JSON.parse(motive.dataset.texts);
  const follow = () => {
    const isOurs = !sentence.value.trim() || Object.values(texts).includes(sentence.value);
    if (isOurs && motive.value) sentence.value = texts[motive.value] || "";
  };
  motive.addEventListener("change", follow);
  verdict.addEventListener("change", (event) => {
    if (event.target.value !== "unreadable") return;
    motive.value = "unreadable";
    follow();
  });
}

// Single keys: off at will, never in a field.
const KEPT = "permis-raccourcis";
const toggle = document.querySelector("[data-shortcuts]");
const words = [toggle.textContent, toggle.dataset.shortcuts];
let areOn = localStorage.getItem(KEPT) !== "off";

function tell() {
  toggle.textContent = areOn ? words[0] : words[1];
  document.querySelector("[data-shortcuts-list]").hidden = !areOn;
  for (const hint of document.querySelectorAll(".pl-verdict kbd")) hint.hidden = !areOn;
}

toggle.addEventListener("click", () => {
  areOn = !areOn;
  localStorage.setItem(KEPT, areOn ? "on" : "off");
  tell();
});

const VERDICTS = { a: "accepted", r: "refused", i: "unreadable" };

function judge(value) {
  const choice = verdict?.querySelector(`[name=verdict][value=${value}]`);
  if (!choice) return;
  choice.click();
  if (value === "accepted") verdict.requestSubmit(verdict.querySelector(".pl-if-accepted button"));
  else verdict.querySelector(value === "refused" ? "select" : "textarea").focus();
}

document.addEventListener("keydown", (event) => {
  const isWriting = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  if (!areOn || isWriting || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isMoving = event.key.startsWith("Arrow");
  if (isMoving && event.target.closest("input, .pl-stage")) return;
  const key = isMoving ? event.key : event.key.toLowerCase();
  if (key in VERDICTS) {
    event.preventDefault();
    judge(VERDICTS[key]);
    return;
  }
  const button = document.querySelector(`[data-keys~="${CSS.escape(key)}"]`);
  if (!button || button.getAttribute("aria-disabled")) return;
  event.preventDefault();
  button.click();
});
tell();
