/* The file of a visit: what one knows before knocking, and how one begins; or why nobody could. */
import { html } from "./words.js";
import { icon } from "./icons.js";
import { app, go, isFinished, isStarted, keep, outcomeOf, recall, survey, visitOf, writeAll } from "./app.js";
import { hour, many, plain, weekday } from "./format.js";
import { note } from "./frame.js";
import { field, state } from "./parts.js";
import { door, standing } from "./day.js";
import { proposed } from "./rooms.js";

const OUTCOMES = {
  absence: { value: "no_show", title: "Personne au rendez-vous", says: "Le délai de la décision court toujours. Le service propose un second rendez-vous." },
  refus: { value: "access_refused", title: "Accès refusé", says: "Le délai de la décision court toujours. Le juge peut autoriser la visite (CCH L. 635-3)." },
};

async function start(visit) {
  const rooms = survey(visit).rooms.length ? [] : proposed(visit).map((room) => ["room", room]);
  await writeAll(visit, [["start", { at: new Date().toISOString(), grid: visit.grid_digest }], ...rooms]);
  go(`#/visite/${visit.id}/pieces`);
}

export function show({ id, part, extra }) {
  const visit = visitOf(id);
  if (part === "document") return pages(visit, Number(extra));
  if (part in OUTCOMES) return outcome(visit, OUTCOMES[part]);
  const [family, picture, words] = standing(visit);
  const begun = isStarted(visit);
  return {
    title: visit.address,
    over: `${visit.commune} · ${hour(visit.starts_at)}`,
    back: "#/",
    backLabel: "Retour aux visites",
    body: html`<div class="pl-grid pl-cols"><div class="pl-grid">
      <section class="pl-sheet"><div class="pl-row">${state({ family, icon: picture, name: words })}</div>
        <dl class="pl-dl"><dt>Visite</dt><dd>${visit.purpose}, ${weekday(visit.starts_at).toLowerCase()}, ${hour(visit.starts_at)} à ${hour(visit.ends_at)}</dd>
        <dt>Logement</dt><dd>${door(visit).join(" · ")}</dd><dt>Dossier</dt><dd class="pl-num">${visit.number}</dd></dl></section>
      ${visit.alerts.map((alert) => note("is-danger", html`<p><strong class="pl-ic is-danger">${icon("warn")} ${alert}</strong></p>`))}
      ${visit.instructions ? html`<section class="pl-sheet"><h2>Consignes</h2><p>${visit.instructions}</p></section>` : ""}
      ${visit.people.length ? html`<section class="pl-sheet"><h2>Contacts</h2><ul role="list" class="pl-links">${visit.people.map((person) => html`<li>${person.phone
        ? html`<a href="tel:${person.phone.replace(/[^+\d]/g, "")}">${icon("call")}<span>${person.name}<small>${person.role}</small></span><span class="pl-num">${person.phone}</span></a>`
        : html`<p>${person.name}<br><small>${person.role}, sans téléphone</small></p>`}</li>`)}</ul></section>` : ""}
      </div><div class="pl-grid">
      ${visit.documents.length ? html`<section class="pl-sheet"><h2>Pièces du dossier</h2>${app.missing.has(visit.id) ? html`<p>${icon("fetch")} Des pages manquent : elles viendront avec du réseau.</p>` : ""}<ul role="list" class="pl-links">${visit.documents.map((document, index) => html`<li><a href="#/visite/${id}/document/${index}">${icon("paper")}<span>${document.name}</span><small>${many(document.pages.length, "page", "pages")}</small></a></li>`)}</ul></section>` : ""}
      ${visit.facts.length ? html`<section class="pl-sheet"><h2>Ce que dit la demande</h2><dl class="pl-dl">${visit.facts.map((fact) => html`<dt>${fact.label}</dt><dd>${fact.value}</dd>`)}</dl></section>` : ""}
      ${visit.past.length ? html`<section class="pl-sheet"><h2>Visites passées</h2>${visit.past.map((past) => html`<p><strong>${plain(past.on)}</strong> · ${past.conclusion}${Array.isArray(past.findings) ? past.findings.map((finding) => html`<br><small>${finding.description ?? finding}</small>`) : html`<br><small>${past.findings}</small>`}</p>`)}</section>` : ""}
      ${isFinished(visit) || outcomeOf(visit) ? "" : html`<section class="pl-sheet"><h2>La visite ne peut pas se faire</h2><ul role="list" class="pl-links"><li><a href="#/visite/${id}/absence">Personne au rendez-vous</a></li><li><a href="#/visite/${id}/refus">Accès refusé</a></li></ul></section>`}
      </div></div>`,
    bar: isFinished(visit) || outcomeOf(visit)
      ? visit.report_url && !app.queue.state().pending ? html`<a class="btn btn-primary" href=${visit.report_url}>Ouvrir le rapport</a>` : html`<a class="btn btn-primary" href="#/envoi">Voir les envois</a>`
      : begun
        ? html`<a class="btn btn-primary" href="#/visite/${id}/pieces">Reprendre la visite</a>`
        : html`<button class="btn btn-primary" type="button" @click=${() => start(visit)}>Commencer la visite</button>`,
  };
}

function pages(visit, index) {
  const document = visit.documents[index];
  return {
    title: document?.name ?? "Pièce",
    over: visit.address,
    back: `#/visite/${visit.id}`,
    backLabel: "Retour au dossier",
    body: document?.pages.length
      ? document.pages.map((url, page) => html`<img class="pl-page" src=${url} alt="${document.name}, page ${page + 1}" @error=${(event) => event.target.replaceWith("Cette page n’a pas été téléchargée : elle viendra avec du réseau.")}>`)
      : html`<p>Cette pièce n’a pas d’image : ouvrez-la au bureau.</p>`,
    bar: html`<a class="btn" href="#/visite/${visit.id}">Retour au dossier</a>`,
  };
}

function outcome(visit, { value, title, says }) {
  const written = recall(`note ${visit.id}`) ?? "";
  const record = async () => {
    const typedNote = document.getElementById("note").value.trim();
    await writeAll(visit, [["outcome", { outcome: value, note: typedNote }], ["finish", { at: new Date().toISOString() }]]);
    app.refresh(true);
    go("#/envoi");
  };
  return {
    title,
    over: visit.address,
    back: `#/visite/${visit.id}`,
    backLabel: "Retour au dossier",
    body: html`<section class="pl-sheet"><p>${says}</p>${field({ id: "note", label: "Ce que vous avez constaté", hint: "heure, sonnette, appels, propos tenus", value: written, rows: 4, most: 4000, keep: (text) => keep(`note ${visit.id}`, text), write: (text) => keep(`note ${visit.id}`, text) })}</section>`,
    bar: html`<button class="btn btn-primary" type="button" @click=${record}>Enregistrer : ${title.charAt(0).toLowerCase()}${title.slice(1)}</button>`,
  };
}
