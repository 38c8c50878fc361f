// Files sent one after the other, straight to storage, with their progress; a cut costs the cut file alone.
// The cards are fetched again as files arrive: what a person is typing, has opened or is on stays as it is.
"use strict";

const LOST = "l’envoi s’est interrompu. Ce qui est déjà reçu est gardé.";
const SIGNED_OUT = "vous n’êtes plus connecté. Connectez-vous dans un autre onglet, puis reprenez ici.";
const WHICH = "Choisissez un fichier, et cochez ce qu’il contient.";
const NAME_IT = "Choisissez un fichier, et donnez-lui un nom.";
const ON_A_CARD = "Déposez le fichier sur la pièce qu’il concerne.";
const AGAIN_AFTER = [1000, 3000, 8000];
const LOOK_AGAIN = [1000, 2000, 3000, 5000, 8000, 13000, 21000, 30000];
const MEANT = ["kinds", "title", "instead_of"];
const TOKEN = /value="[A-Za-z0-9]{64}"/g;
const known = new Map(); // the regions of the page by their id, as the site last wrote them
let sending = 0;
let looks = 0;
let next;

// -- What is sent

class Refused extends Error {
  constructor(message, mayResume = false) {
    super(message);
    this.mayResume = mayResume;
  }
}

// Ask the site in a form's own words; the answer is JSON, errors are French sentences.
async function ask(url, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const [name, value] of fields) body.append(name, value);
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.redirected || answer.status === 403) throw new Refused(SIGNED_OUT, true);
  const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
  if (answer.ok) return said;
  if (said.again || (answer.status >= 500 && !said.error)) throw new Error(said.error || LOST);
  throw new Refused(said.error || "cet envoi est refusé. Rechargez la page, puis réessayez.");
}

function put(ticket, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", ticket.url);
    for (const [name, value] of Object.entries(ticket.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && (progress.value = event.loaded / event.total);
    // 409, 412: these very bytes are there already, the answer was lost on the way.
    request.onload = () => (request.status < 300 || [409, 412].includes(request.status) ? resolve() : reject(new Error(LOST)));
    request.onerror = request.onabort = () => reject(new Error(LOST));
    request.send(file);
  });
}

async function send(job) {
  const { file, row } = job;
  const ticket = await ask(job.announce, [...job.meant, ["name", file.name], ["size", file.size], ["content_type", file.type]]);
  row.line.dataset.done = ticket.done;
  await put(ticket, file, row.progress);
  await ask(ticket.done, []);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function insist(job) {
  for (const wait of [...AGAIN_AFTER, null]) {
    try {
      await send(job);
      job.row.succeed();
      return;
    } catch (error) {
      if (error instanceof Refused || wait === null || !navigator.onLine) {
        const isLost = !(error instanceof Refused);
        job.row.fail(isLost && error instanceof TypeError ? LOST : error.message, isLost || error.mayResume, job);
        return;
      }
      job.row.words.textContent = `${job.file.name} : nouvel essai`;
      await pause(wait);
    }
  }
}

async function run(jobs) {
  say(jobs.length > 1 ? `Envoi de ${jobs.length} fichiers.` : `Envoi de ${jobs[0].file.name}.`);
  sending += 1;
  for (const job of jobs) await insist(job);
  sending -= 1;
  looks = 0;
  await refresh();
}

function take(form, files) {
  const meant = [...new FormData(form)].filter(([name]) => MEANT.includes(name));
  const queue = form.closest("[data-card]").querySelector("[data-queue]");
  run([...files].map((file) => ({ file, meant, announce: form.dataset.announce, row: show(queue, file) })));
}

// -- What is shown of it

function say(words) {
  document.getElementById("annonces").textContent = words;
}

function button(label, of, onclick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-outline-primary";
  made.textContent = label;
  const whose = document.createElement("span");
  whose.className = "visually-hidden";
  whose.textContent = ` : ${of}`;
  made.append(whose);
  made.onclick = onclick;
  return made;
}

function show(queue, file) {
  const [line, words, progress] = ["li", "span", "progress"].map((name) => document.createElement(name));
  words.textContent = file.name;
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `Envoi de ${file.name}`);
  line.dataset.row = "";
  line.append(words, progress);
  queue.append(line);
  const succeed = () => {
    progress.remove();
    line.className = "is-done";
    words.textContent = `${file.name} : reçu`;
    say(words.textContent);
  };
  const fail = (message, mayResume, job) => {
    progress.value = 0;
    progress.remove();
    line.className = "is-failed";
    words.textContent = message.includes(file.name) ? message : `${file.name} : ${message}`;
    say(words.textContent);
    const restart = () => {
      line.className = "";
      line.replaceChildren(words, progress);
      words.textContent = file.name;
      run([job]);
    };
    line.append(mayResume ? button("Reprendre", file.name, restart) : button("Fermer", file.name, () => line.remove()));
    line.dataset.resumable = mayResume ? "yes" : "";
  };
  return { line, words, progress, succeed, fail };
}

// -- The page, as the site now sees it

const shape = (region) => region.outerHTML.replace(TOKEN, "");
const regions = (page) => page.querySelectorAll("[data-region][id]");

function isBeingFilled(region) {
  return [...region.querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")].some((field) => {
    if (field === document.activeElement) return true;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.value !== "";
    return field.value !== field.defaultValue;
  });
}

function renew(old, fresh) {
  for (const details of old.querySelectorAll("details[id]")) {
    const same = fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = details.open;
  }
  for (const row of old.querySelectorAll("[data-row]:not(.is-done)")) {
    fresh.querySelector(`li[data-done="${row.dataset.done}"]`)?.remove();
    fresh.querySelector("[data-queue]").append(row);
  }
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (!focused) return;
  const summary = focused.matches("summary") && document.getElementById(focused.parentElement.id)?.querySelector("summary");
  const heir = summary || document.getElementById(focused.id) || fresh.querySelector("h2");
  if (heir?.matches("h2")) heir.tabIndex = -1;
  heir?.focus({ preventScroll: true });
}

// A card that is new takes its place among the others, one that is gone leaves.
function rank(page) {
  for (const list of page.querySelectorAll("[data-list][id]")) {
    const here = document.getElementById(list.id);
    if (!here) continue;
    const ids = [...list.children].map((card) => card.id);
    for (const card of [...here.children]) if (!ids.includes(card.id)) card.remove();
    for (const [place, id] of ids.entries()) {
      if (document.getElementById(id)) continue;
      const card = document.importNode(page.getElementById(id), true);
      known.set(id, shape(page.getElementById(id)));
      here.insertBefore(card, here.children[place] || null);
    }
  }
}

function merge(page) {
  rank(page);
  for (const fresh of regions(page)) {
    const [old, written] = [document.getElementById(fresh.id), shape(fresh)];
    if (!old || known.get(fresh.id) === written || isBeingFilled(old)) continue;
    known.set(fresh.id, written);
    renew(old, document.importNode(fresh, true));
    if (fresh.dataset.announced !== undefined) say(fresh.textContent.trim());
  }
  document.getElementById("pieces").dataset.waiting = page.getElementById("pieces").dataset.waiting;
}

async function refresh() {
  clearTimeout(next);
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) merge(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // no network: the next look tells more
  }
  lookAgain();
}

// Less and less often while files wait for their examination, and never behind another tab.
function lookAgain() {
  clearTimeout(next);
  if (!document.getElementById("pieces")?.dataset.waiting || document.hidden) return;
  next = setTimeout(refresh, LOOK_AGAIN[Math.min(looks, LOOK_AGAIN.length - 1)]);
  looks += 1;
}

// -- What people do

document.addEventListener("change", (event) => {
  const form = event.target.type === "file" && event.target.closest("form[data-announce]");
  if (!form || "waits" in form.dataset) return;
  const files = [...event.target.files];
  event.target.value = "";
  if (files.length) take(form, files);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-announce]");
  if (!form) return;
  event.preventDefault();
  delete form.dataset.sent;
  const [input, meant] = [form.querySelector("input[type=file]"), new FormData(form)];
  const title = form.elements.title;
  if (!input.files.length || !meant.has("kinds") || (title && !title.value.trim())) {
    const line = document.createElement("li");
    line.className = "is-failed";
    line.textContent = title ? NAME_IT : WHICH;
    form.querySelector("[data-queue]").replaceChildren(line);
    say(line.textContent);
    return;
  }
  form.querySelector("[data-queue]").replaceChildren();
  take(form, input.files);
  form.reset();
});

document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  const card = event.target.closest?.("li[data-card]");
  for (const over of document.querySelectorAll(".is-over")) if (over !== card) over.classList.remove("is-over");
  card?.classList.add("is-over");
});
document.addEventListener("dragleave", (event) => event.target.matches?.("li[data-card]") && event.target.classList.remove("is-over"));
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length || event.target.type === "file") return;
  event.preventDefault();
  const card = event.target.closest("li[data-card]");
  for (const over of document.querySelectorAll(".is-over")) over.classList.remove("is-over");
  const form = card?.querySelector("form[data-announce]");
  if (form) take(form, event.dataTransfer.files);
  else say(ON_A_CARD);
});

window.addEventListener("online", () => {
  for (const row of document.querySelectorAll("[data-row][data-resumable=yes] button")) row.click();
});
document.addEventListener("visibilitychange", () => !document.hidden && lookAgain());
window.addEventListener("beforeunload", (event) => sending && event.preventDefault());

// What was sent before a cut and never confirmed needs no second sending: only what did not arrive is asked for again.
async function settle() {
  const cut = [...document.querySelectorAll("li[data-done]:not([data-row])")];
  const settled = await Promise.allSettled(cut.map((line) => ask(line.dataset.done, [])));
  if (settled.some((each) => each.status === "fulfilled")) await refresh();
}

for (const region of regions(document)) known.set(region.id, shape(region));
settle();
lookAgain();
