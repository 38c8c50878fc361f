/* The end of a visit: what was found, what it leads to, who was there, and their signature or refusal. */
import { html, typeset } from "./words.js";
import { live } from "../../vendor/lit-html/directives/live.js";
import { icon } from "./icons.js";
import { app, go, isFinished, itemOf, progress, survey, typing, visitOf, write } from "./app.js";
import { hour, many } from "./format.js";
import { choices, CONCLUSIONS, field, state } from "./parts.js";
import { conflicts } from "./conflicts.js";
import { note } from "./frame.js";
import { signature } from "./signature.js";
import { suggest } from "./suggestion.js";

const codes = (answers) => [...new Set(answers.map((answer) => answer.code))].join(", ");

function tally(visit) {
  const seen = survey(visit);
  const of = (reply) => seen.answers.filter((answer) => answer.reply === reply);
  const severity = (answer) => answer.severity ?? itemOf(visit, answer.code)?.severity;
  const bySeverity = Object.entries({ D: "danger", B: "bloquant", R: "réserve", O: "observation" })
    .map(([letter, name]) => [codes(seen.defects.filter((answer) => severity(answer) === letter)), name]).filter(([list]) => list).map(([list, name]) => `${list} ${name}${list.includes(",") ? "s" : ""}`).join(" · ");
  const left = seen.rooms.filter((room) => room.visited !== false).reduce((sum, room) => { const { done, all } = progress(visit, room); return sum + all - done; }, 0);
  const line = (family, picture, name, count, more = "") => html`<li><span class="pl-ic ${family}">${icon(picture)}</span><div><strong>${name}</strong>${more ? html`<br><small>${more}</small>` : ""}</div><b>${count}</b></li>`;
  return html`<section class="pl-sheet"><h2>Relevé</h2><ul role="list" class="pl-lines">
    ${line("is-ok", "ok", "Conformes", of("conform").length)}
    ${line("is-danger", "stop", "Non conformes", seen.defects.length, bySeverity)}
    ${line("is-warn", "doubt", "Non vérifiables", of("not_verifiable").length, codes(of("not_verifiable")))}
    ${line("", "none", "Sans objet", of("not_applicable").length)}
    ${line("", "camera", "Photos", seen.photos.length)}
    ${left ? line("is-warn", "warn", "Points sans réponse", left) : ""}</ul></section>`;
}

function conclusion(visit) {
  const proposed = suggest(survey(visit), visit.grid);
  const said = survey(visit).get("conclusion");
  const chosen = said.conclusion ?? proposed.conclusion;
  const open = app.choosing === visit.id || !chosen;
  const pick = (value) => { app.choosing = ""; return write(visit, "conclusion", { text: "", ...said, conclusion: value }); };
  const text = (words) => ({ ...said, conclusion: chosen, text: words });
  return html`<section class="pl-sheet"><h2>${said.conclusion && said.conclusion !== proposed.conclusion ? "Votre conclusion" : "Conclusion proposée"}</h2>
    ${chosen ? html`<p>${state(CONCLUSIONS[chosen])}</p>` : ""}
    ${said.conclusion && said.conclusion !== proposed.conclusion && proposed.conclusion ? html`<p class="pl-meta">La grille propose : ${CONCLUSIONS[proposed.conclusion].name}.</p>` : ""}
    ${proposed.reasons.map((reason) => html`<p>${reason}</p>`)}
    ${open ? choices({ name: "conclusion", legend: "Conclusion", options: CONCLUSIONS, chosen: chosen ?? "", pick, two: true })
      : html`<button class="btn wide" type="button" @click=${() => { app.choosing = visit.id; app.redraw(); }}>Choisir une autre conclusion</button>`}
    ${chosen ? field({ id: "text", label: "Observations", hint: "facultatif", value: said.text, rows: 2, most: 8000, keep: (words) => typing(visit, "conclusion", text(words)), write: (words) => write(visit, "conclusion", text(words)) }) : ""}</section>`;
}

function people(visit) {
  const said = { present: "", capacity: "", consent: null, consent_note: "", ...survey(visit).get("people") };
  const part = (name, label, hint) => field({ id: name, label, hint, value: said[name], most: name === "consent_note" ? 1000 : 120, keep: (text) => typing(visit, "people", { ...said, [name]: text }), write: (text) => write(visit, "people", { ...survey(visit).get("people"), ...said, ...survey(visit).get("people"), [name]: text }) });
  const seen = survey(visit);
  const unseen = seen.rooms.filter((room) => room.visited === false);
  return html`<section class="pl-sheet"><h2>Visite</h2>
    <dl class="pl-dl"><dt>Horaire</dt><dd>${seen.get("start").at ? hour(seen.get("start").at) : "non commencée"} à ${seen.get("finish").at ? hour(seen.get("finish").at) : "maintenant"}</dd>
      <dt>Non visité</dt><dd>${unseen.length ? unseen.map((room) => `${room.name}, ${room.reason}`).join(" ; ") : "rien"}</dd></dl>
    ${part("present", "Personnes présentes", "nom")}${part("capacity", "Leur qualité", "bailleresse, mandataire, locataire…")}
    ${choices({ name: "consent", legend: "Accord de l’occupant pour la visite", options: { yes: { name: "Donné", family: "is-ok" }, no: { name: "Refusé", family: "is-danger" } }, chosen: said.consent === true ? "yes" : said.consent === false ? "no" : "", pick: (value) => write(visit, "people", { ...said, consent: value === "yes" }), two: true })}
    ${part("consent_note", "Précision sur l’accord", "logement vacant, donné à l’entrée…")}</section>`;
}

function signing(visit) {
  const said = { name: "", strokes: [], refused: false, reason: "", ...survey(visit).get("signature") };
  const now = () => ({ ...said, ...survey(visit).get("signature") });
  const part = (name, label, hint = "") => field({ id: `sign-${name}`, label, hint, value: said[name], most: name === "name" ? 120 : 300, keep: (text) => typing(visit, "signature", { ...now(), [name]: text }), write: (text) => write(visit, "signature", { ...now(), [name]: text }) });
  return html`<section class="pl-sheet"><h2>Signature de la personne présente</h2>
    <p>J’ai assisté à la visite. Signer ne veut pas dire que j’approuve les constats.</p>
    ${said.refused ? html`${part("reason", "Raison du refus de signer")}` : html`${signature(said.strokes, `Signature de ${said.name || "la personne présente"}`, (strokes) => write(visit, "signature", { ...now(), strokes }))}
      <button class="btn wide" type="button" @click=${() => write(visit, "signature", { ...now(), strokes: [] })}>Effacer</button>`}
    <label class="pl-choice"><input type="checkbox" .checked=${live(said.refused)} @change=${(event) => write(visit, "signature", { ...now(), refused: event.target.checked, strokes: [] })}>Refuse de signer</label>
    ${part("name", "Nom et qualité")}</section>`;
}

/** What the report cannot do without, each with its field. */
function missing(visit) {
  const seen = survey(visit);
  const signed = seen.get("signature");
  return [
    !(seen.get("conclusion").conclusion ?? suggest(seen, visit.grid).conclusion) && ["conclusion-favourable", "Choisissez une conclusion."],
    !seen.get("people").present && ["present", "Écrivez qui était présent, ou « personne »."],
    seen.get("people").consent == null && ["consent-yes", "Dites si l’occupant a donné son accord."],
    signed.refused && !signed.reason && ["sign-reason", "Écrivez pourquoi la personne refuse de signer."],
    !signed.refused && !signed.strokes?.length && ["signature", "Faites signer, ou cochez « Refuse de signer »."],
    ...seen.conflicts.map(({ key }) => [key, "Deux téléphones se contredisent : choisissez ce qui vaut."]),
  ].filter(Boolean);
}

export function show({ id }) {
  const visit = visitOf(id);
  const faults = app.faults ? missing(visit) : [];
  const finish = async () => {
    app.faults = missing(visit).length > 0;
    if (app.faults) { scrollTo(0, 0); return app.redraw("faults"); }
    if (!survey(visit).get("conclusion").conclusion) await write(visit, "conclusion", { conclusion: suggest(survey(visit), visit.grid).conclusion, text: "" });
    await write(visit, "finish", { at: new Date().toISOString() });
    app.refresh(true);
    go("#/envoi");
  };
  const count = survey(visit).photos.length;
  return {
    title: "Fin de visite",
    over: visit.address,
    back: `#/visite/${id}/pieces`,
    backLabel: "Retour aux pièces",
    body: html`${faults.length ? html`<section class="pl-note is-danger" id="faults" tabindex="-1" role="alert"><p><strong>${many(faults.length, "réponse manque", "réponses manquent")} pour terminer.</strong></p><ul role="list" class="pl-links">${faults.map(([field, words]) => html`<li><button type="button" @click=${() => { const target = document.getElementById(field); target?.scrollIntoView({ block: "center" }); target?.focus(); }}>${typeset(words)}</button></li>`)}</ul></section>` : ""}
      ${conflicts(visit, () => true)}<div class="pl-grid pl-cols"><div class="pl-grid">${tally(visit)}${conclusion(visit)}</div><div class="pl-grid">${people(visit)}${signing(visit)}
      ${note("", html`<p>${icon("phone")} <strong>La visite sera enregistrée sur ce téléphone.</strong> Le rapport partira avec ${count ? many(count, "photo", "photos") : "vos saisies"} au retour du réseau. N’effacez pas l’application avant.</p>`)}</div></div>`,
    bar: isFinished(visit) ? html`<a class="btn btn-primary" href="#/envoi">Voir les envois</a>` : html`<button class="btn btn-primary" type="button" @click=${finish}>${icon("yes")}Terminer la visite</button>`,
  };
}
