// Files sent one after the other, straight to storage, with their progress; a cut costs the cut file alone.
"use strict";

const forms = () => document.querySelectorAll("form[data-announce]");
const LOST = "L’envoi s’est interrompu. Ce qui était déjà envoyé est gardé.";
const AGAIN_AFTER = [1000, 3000, 8000];
const LOOK_AGAIN = 3000;
let sending = 0;

// Ask the site in a form's own words; the answer is JSON, errors are French sentences.
async function ask(url, form, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of fields) body.append(name, value);
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Refused(said.error || "Cet envoi est refusé. Rechargez la page, puis réessayez.");
  return said;
}

class Refused extends Error {}

function put(ticket, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", ticket.url);
    for (const [name, value] of Object.entries(ticket.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && (progress.value = event.loaded / event.total);
    // 409: these very bytes are there already, the answer was lost on the way.
    request.onload = () => (request.status < 300 || request.status === 409 ? resolve() : reject(new Error(request.status)));
    request.onerror = request.onabort = () => reject(new Error("network"));
    request.send(file);
  });
}

async function send(form, file, isFirst, progress) {
  const ticket = await ask(form.dataset.announce, form, [["name", file.name], ["size", file.size], ["content_type", file.type]]);
  await put(ticket, file, progress);
  const fields = [...new FormData(form)].filter(([name]) => ["kinds", "replaces"].includes(name));
  await ask(ticket.done, form, isFirst ? fields : fields.filter(([name]) => name !== "replaces"));
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function insist(form, file, isFirst, row) {
  for (const wait of [...AGAIN_AFTER, null]) {
    try {
      await send(form, file, isFirst, row.progress);
      row.line.classList.add("is-done");
      row.words.textContent = `${file.name} : reçu`;
      return true;
    } catch (error) {
      if (error instanceof Refused) return row.fail(error.message, false);
      if (wait === null) return row.fail(LOST, true);
      row.words.textContent = `${file.name} : nouvel essai`;
      await pause(wait);
    }
  }
}

function show(form, file) {
  const line = document.createElement("li");
  const words = document.createElement("span");
  const progress = document.createElement("progress");
  words.textContent = file.name;
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `Envoi de ${file.name}`);
  line.append(words, progress);
  form.querySelector(".pl-queue").append(line);
  const row = { line, words, progress };
  row.fail = (message, mayResume) => {
    progress.remove();
    line.classList.add("is-failed");
    words.textContent = mayResume ? `${file.name} : ${message}` : message;
    if (mayResume) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-primary";
      button.textContent = "Reprendre";
      button.onclick = () => {
        line.remove();
        take(form, [file]);
      };
      line.append(button);
    }
    return false;
  };
  return row;
}

async function take(form, files) {
  const rows = [...files].map((file) => [file, show(form, file)]);
  sending += 1;
  let allWell = true;
  for (const [place, [file, row]] of rows.entries()) allWell = (await insist(form, file, place === 0, row)) && allWell;
  sending -= 1;
  if (allWell && !sending) await refresh();
}

// The cards again, as the site now sees them; what is being written elsewhere on the page stays.
async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok || sending) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [old, fresh] = [document.getElementById("pieces"), page.getElementById("pieces")];
  if (!fresh || old.querySelector(".is-failed")) return;
  const focused = document.activeElement?.id;
  old.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus();
  listen();
}

function listen() {
  for (const form of forms()) {
    for (const input of form.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        const files = [...input.files];
        input.value = "";
        if (files.length) take(form, files);
      });
    }
    const card = form.closest("li");
    card.addEventListener("dragover", (event) => {
      event.preventDefault();
      card.classList.add("is-over");
    });
    card.addEventListener("dragleave", () => card.classList.remove("is-over"));
    card.addEventListener("drop", (event) => {
      event.preventDefault();
      card.classList.remove("is-over");
      if (event.dataTransfer.files.length) take(form, event.dataTransfer.files);
    });
  }
  if (document.getElementById("pieces")?.dataset.waiting) setTimeout(() => sending || refresh(), LOOK_AGAIN);
}

window.addEventListener("beforeunload", (event) => sending && event.preventDefault());
listen();
