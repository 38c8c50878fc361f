/* What waits on this phone, what was refused and why, and how the phone fares. */
import { html } from "./words.js";
import { icon } from "./icons.js";
import { app, visitOf } from "./app.js";
import { hour, many, plain } from "./format.js";
import { note, sync } from "./frame.js";

const NAMES = { start: "Début de la visite", room: "Pièce", answer: "Point de contrôle", measure: "Mesure", photo: "Photo", photo_removed: "Photo ôtée", people: "Personnes présentes", conclusion: "Conclusion", signature: "Signature", outcome: "Visite impossible", finish: "Fin de la visite" };
const address = (id) => visitOf(id)?.address ?? `visite ${id}`;

export function show() {
  const { pending = 0, others = 0, signedOut, busy, lastSync, error } = app.queue?.state() ?? {};
  const strip = sync();
  const waits = app.waiting.map((each) => ({ ...each, photos: each.photos.length })).filter((each) => each.entries + each.photos || each.finish);
  const refusals = app.waiting.flatMap((each) => [...each.refused.map((refused) => ({ ...refused, visit: each.visit })), ...(each.blocked ? [{ kind: "finish", visit: each.visit, error: each.blocked }] : [])]);
  const says = (each) => [each.entries && many(each.entries, "saisie", "saisies"), each.photos && many(each.photos, "photo", "photos"), each.finish && !each.entries && "fin de la visite"].filter(Boolean).join(" et ");
  return {
    title: "Envois",
    over: app.bundle?.user?.name ?? "",
    back: "#/",
    backLabel: "Retour aux visites",
    body: html`<section class="pl-sheet"><h2><span class="pl-ic ${strip.family}">${icon(strip.icon)}</span> ${strip.words}</h2>
        ${signedOut ? html`<p>Vous n’êtes plus connecté. Rien n’est perdu : l’envoi reprend dès que vous l’êtes de nouveau.</p>` : ""}
        ${error ? html`<p>${error}</p>` : ""}
        ${pending ? html`<p>Tout est gardé sur ce téléphone. L’envoi se fait seul quand le réseau revient ; n’effacez pas l’application avant.</p>` : lastSync ? html`<p>Le service a reçu tout ce que ce téléphone a saisi. Dernier envoi le ${plain(lastSync)} à ${hour(lastSync)}.</p>` : html`<p>Ce téléphone n’a rien à envoyer.</p>`}
        ${others ? html`<p>${many(others, "saisie d’une autre personne attend", "saisies d’une autre personne attendent")} sur ce téléphone : ${others > 1 ? "elles partiront" : "elle partira"} quand cette personne s’y connectera.</p>` : ""}</section>
      ${refusals.length ? html`<section class="pl-sheet"><h2>Refusé par le service</h2><ul role="list" class="pl-grid">${refusals.map((refusal) => html`<li><p><strong class="pl-ic is-danger">${icon("stop")} ${NAMES[refusal.kind] ?? "Photo"}, ${address(refusal.visit)}</strong></p><p>${refusal.error}</p>${refusal.id ? html`<button class="btn" type="button" @click=${() => drop(refusal.id)}>J’ai lu, ôter de la liste</button>` : ""}</li>`)}</ul><p>Ces saisies restent sur ce téléphone. Faites la correction demandée, ou montrez cet écran au service.</p></section>` : ""}
      ${waits.length ? html`<section class="pl-sheet"><h2>Ce qui attend</h2><ul role="list" class="pl-lines">${waits.map((each) => html`<li><span class="pl-ic is-warn">${icon("away")}</span><div><strong>${address(each.visit)}</strong><br><small>${says(each)}</small></div><b>${each.entries + each.photos + (each.finish ? 1 : 0)}</b></li>`)}</ul></section>` : ""}
      ${app.done.map((each) => html`<section class="pl-sheet"><h2><span class="pl-ic is-ok">${icon("ok")}</span> ${each.number} : visite enregistrée</h2>${(each.warnings ?? []).map((warning) => html`<p>${warning}</p>`)}${each.report_url ? html`<p><a class="btn wide" href=${each.report_url}>Ouvrir le rapport (avec du réseau)</a></p>` : ""}</section>`)}
      ${[...app.warnings.values()].map((warning) => note("is-warn", html`<p>${icon("warn")} ${warning}</p>`))}
      ${app.persistent ? html`<p class="pl-meta">Ce téléphone garde les saisies même s’il manque de place.</p>` : ""}`,
    bar: signedOut
      ? html`<a class="btn btn-primary" href="/connexion/?next=/visites/telephone/">Se connecter pour envoyer</a>`
      : html`<button class="btn btn-primary" type="button" ?disabled=${Boolean(busy)} @click=${() => app.refresh(true)}>${icon("sending")}${busy ? "Envoi en cours…" : "Envoyer maintenant"}</button>`,
  };
}

async function drop(id) {
  await app.queue.dismiss(id);
  await app.refresh();
}
