/* The visits of the day, then those of the week. */
import { html } from "./words.js";
import { icon } from "./icons.js";
import { app, isFinished, isStarted, outcomeOf, survey } from "./app.js";
import { hour, isSameDay, many, weekday } from "./format.js";
import { note } from "./frame.js";

/** Where a visit stands: family, picture, words. */
export function standing(visit) {
  const waits = app.waiting.some((each) => each.visit === visit.id);
  if (isFinished(visit)) return waits ? ["is-warn", "away", "Terminée, à envoyer"] : ["is-ok", "sent", "Terminée et envoyée"];
  if (outcomeOf(visit)) return ["is-warn", "away", outcomeOf(visit) === "no_show" ? "Personne au rendez-vous" : "Accès refusé"];
  if (isStarted(visit)) return ["is-info", "now", `En cours depuis ${hour(survey(visit).get("start").at)}`];
  if (app.missing.has(visit.id) || !app.installed) return ["is-danger", "fetch", "À télécharger avec du réseau"];
  return ["is-ok", "ok", "Prête hors ligne"];
}

/** « Bâtiment A · 2e étage · Porte gauche ». */
export const door = (visit) => visit.dwelling.map((line) => line.replace(/^(Étage|Complément) : /, "").replace(" : ", " "));
const person = (visit) => visit.people.find((each) => each.phone) ?? visit.people[0];
const map = (visit) => `geo:0,0?q=${encodeURIComponent(`${visit.address}, ${visit.commune}`)}`;

function stop(visit, isNext) {
  const [family, picture, words] = standing(visit);
  const who = person(visit);
  return html`<li class="pl-sheet pl-stop ${isNext && isStarted(visit) ? "is-now" : ""}">
    <span class="pl-hour">${hour(visit.starts_at)}</span>
    <div><h2>${visit.address}</h2><p>${visit.commune}</p>
      <p class="pl-meta">${[...door(visit), who?.name].filter(Boolean).join(" · ")}</p>
      ${visit.alerts.map((alert) => html`<p><strong class="pl-ic is-danger">${icon("warn")} ${alert}</strong></p>`)}
      <p><strong class="pl-ic ${family}">${icon(picture)} ${words}</strong></p></div>
    <div class="pl-row tight"><a class="btn grow" href="#/visite/${visit.id}">${isStarted(visit) && !isFinished(visit) ? "Reprendre" : "Ouvrir"}</a>
      ${who?.phone ? html`<a class="btn" href="tel:${who.phone.replace(/[^+\d]/g, "")}">${icon("call", `Appeler ${who.name}`)}</a>` : ""}
      <a class="btn" href=${map(visit)}>${icon("way", `Itinéraire vers ${visit.address}`)}</a></div>
  </li>`;
}

/** What needs doing next: the visit under way, else the first that is not done. */
export function nextOf(visits) {
  const open = visits.filter((visit) => !isFinished(visit) && !outcomeOf(visit));
  return open.find(isStarted) ?? open[0];
}

export function show() {
  const now = Date.now();
  const visits = [...(app.bundle?.visits ?? [])].sort((one, other) => new Date(one.starts_at) - new Date(other.starts_at));
  const today = visits.filter((visit) => isSameDay(visit.starts_at, now));
  const next = nextOf(today) ?? nextOf(visits);
  const groups = grouped(visits);
  const signedOut = app.queue?.state().signedOut && !app.bundle;
  return {
    title: weekday(now),
    over: [many(today.length, "visite", "visites"), app.bundle?.user.name].filter(Boolean).join(" · "),
    aside: html`<a class="pl-iconbtn" href="#/envoi">${icon("list", "Envois et réglages du téléphone")}</a>`,
    body: html`
      ${visits.length ? "" : html`<section class="pl-sheet"><h2>${app.bundle ? "Aucune visite cette semaine" : signedOut ? "Connectez-vous" : "Visites à recevoir"}</h2>
        <p>${app.bundle ? "Les visites planifiées à votre nom arrivent ici, avec leurs pièces, dès que le téléphone a du réseau." : signedOut ? "Vos visites des huit jours arrivent alors sur ce téléphone, et y restent sans réseau." : "Ouvrez cette page une fois avec du réseau : vos visites des huit jours seront gardées sur ce téléphone."}</p></section>`}
      ${[...groups].map(([day, each]) => html`${groups.size > 1 || !today.length ? html`<h2>${day}</h2>` : ""}<ol role="list" class="pl-grid pl-cols">${each.map((visit) => stop(visit, visit === next))}</ol>`)}
      ${app.done.map((each) => html`<p class="pl-note is-ok"><strong class="pl-ic is-ok">${icon("ok")} ${each.number} : terminée et envoyée</strong></p>`)}
      ${[...app.warnings.values()].map((warning) => note("is-warn", html`<p>${icon("warn")} ${warning}</p>`))}`,
    bar: signedOut
      ? html`<a class="btn btn-primary" href="/connexion/?next=/visites/telephone/">Se connecter</a>`
      : next
        ? html`<a class="btn btn-primary" href="#/visite/${next.id}">${isStarted(next) ? "Reprendre" : "Ouvrir"}${"\u00a0"}: ${hour(next.starts_at)}, ${next.address}</a>`
        : html`<button class="btn btn-primary" type="button" @click=${() => app.refresh()}>Chercher les visites</button>`,
  };
}

function grouped(visits) {
  const groups = new Map();
  for (const visit of visits) groups.set(weekday(visit.starts_at), [...(groups.get(weekday(visit.starts_at)) ?? []), visit]);
  return groups;
}
