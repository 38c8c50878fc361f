/* The rooms of a dwelling: proposed, renamed, added, or left unvisited with a reason. */
import { nothing } from "../../vendor/lit-html/lit-html.js";
import { html, typeset } from "./words.js";
import { icon } from "./icons.js";
import { app, go, itemsIn, progress, survey, visitOf, write } from "./app.js";
import { uuid } from "./ledger.js";
import { many } from "./format.js";
import { field } from "./parts.js";

export const KINDS = { building: "Immeuble", dwelling: "Logement", living: "Séjour", bedroom: "Chambre", kitchen: "Cuisine", bathroom: "Salle d’eau", toilet: "WC" };

/* The same on every phone, so that two that start one visit speak of the same rooms. */
const keyOfProposed = (visit, kind, rank) => `${String(Object.keys(KINDS).indexOf(kind)).padStart(8, "0")}-${String(rank).padStart(4, "0")}-4000-8000-${String(visit.id).padStart(12, "0")}`;
const room = (visit, kind, rank, name, position) => ({ room: keyOfProposed(visit, kind, rank), kind, name, position, visited: true, reason: "" });

/** What the declared dwelling lets expect: one bedroom less than its main rooms. */
export function proposed(visit) {
  const main = visit.declared.rooms ?? 2;
  const bedrooms = Array.from({ length: Math.min(Math.max(main - 1, 0), 12) }, (_, index) => index + 1);
  const wanted = [
    ["building", 0, "Immeuble"], ["dwelling", 0, "Logement"], ["living", 0, "Séjour"],
    ...bedrooms.map((rank) => ["bedroom", rank, bedrooms.length > 1 ? `Chambre ${rank}` : "Chambre"]),
    ["kitchen", 0, "Cuisine"], ["bathroom", 0, "Salle d’eau"], ["toilet", 0, "WC"],
  ];
  return wanted.map(([kind, rank, name], index) => room(visit, kind, rank, name, index + 1));
}

/** One line of the list of rooms, also beside a room on a wide screen. */
export function roomLinks(visit, current) {
  return html`<ul role="list" class="pl-links">${survey(visit).rooms.map((each) => {
    const { done, all } = progress(visit, each);
    const whole = done === all;
    return html`<li><a href="#/visite/${visit.id}/piece/${each.room}" aria-current=${each.room === current ? "page" : nothing}>${each.visited === false ? icon("unseen", "pièce non visitée") : whole ? icon("yes", "terminé") : icon("now", "à faire")}<span>${each.name}${each.visited === false ? html`<small>Non visitée : ${each.reason}</small>` : ""}</span><span class="pl-num">${done} / ${all}</span></a></li>`;
  })}</ul>`;
}

/** The first room where something is left to answer. */
export const unfinished = (visit, after) => {
  const rooms = survey(visit).rooms;
  const from = rooms.findIndex((each) => each.room === after) + 1;
  return [...rooms.slice(from), ...rooms.slice(0, from)].find((each) => each.visited !== false && each.room !== after && progress(visit, each).done < progress(visit, each).all);
};

async function addRoom(visit) {
  const kind = document.getElementById("kind").value;
  const rooms = survey(visit).rooms;
  const alike = rooms.filter((each) => each.kind === kind).length;
  const name = document.getElementById("name").value.trim() || (alike ? `${KINDS[kind]} ${alike + 1}` : KINDS[kind]);
  const key = uuid();
  const position = Math.max(0, ...rooms.map((each) => each.position ?? 0)) + 1;
  await write(visit, "room", { room: key, kind, name, position, visited: true, reason: "" });
  go(`#/visite/${visit.id}/piece/${key}`);
}

export function show({ id, part, extra }) {
  const visit = visitOf(id);
  if (part === "renommer") return edit(visit, survey(visit).get(`room:${extra}`));
  const rooms = survey(visit).rooms;
  const counts = rooms.filter((each) => each.visited !== false).map((each) => progress(visit, each));
  const left = counts.reduce((sum, each) => sum + each.all - each.done, 0);
  const next = unfinished(visit);
  return {
    title: "Pièces",
    over: visit.address,
    back: `#/visite/${id}`,
    backLabel: "Retour au dossier",
    body: html`<div class="pl-grid pl-cols"><section class="pl-sheet"><h2>${left ? many(left, "point à regarder", "points à regarder") : "Tout est regardé"}</h2>${roomLinks(visit)}</section>
      <section class="pl-sheet"><h2>Ajouter une pièce</h2>
        <div><label class="form-label" for="kind">Nature</label><select class="form-control" id="kind">${Object.entries(KINDS).map(([kind, name]) => html`<option value=${kind} ?selected=${kind === "bedroom"}>${name}</option>`)}</select></div>
        ${field({ id: "name", label: "Nom", hint: "facultatif", value: "", most: 80, write: () => {} })}
        <button class="btn wide" type="button" @click=${() => addRoom(visit)}>${icon("plus")}Ajouter la pièce</button></section></div>`,
    bar: next
      ? html`<a class="btn" href="#/visite/${id}/fin">Fin de visite</a><a class="btn btn-primary" href="#/visite/${id}/piece/${next.room}">${next.name} ${icon("next")}</a>`
      : html`<a class="btn btn-primary" href="#/visite/${id}/fin">Fin de visite ${icon("next")}</a>`,
  };
}

function edit(visit, current) {
  const address = `#/visite/${visit.id}/piece/${current.room}`;
  const save = async () => {
    const value = (name) => document.getElementById(name).value.trim();
    const visited = !document.getElementById("unvisited").checked;
    if (!visited && !value("why")) {
      app.wrong = "Écrivez pourquoi la pièce n’est pas visitée : le rapport le dira.";
      return app.redraw("why");
    }
    app.wrong = "";
    await write(visit, "room", { ...current, name: value("name") || KINDS[current.kind], visited, reason: visited ? "" : value("why") });
    go(address);
  };
  return {
    title: current.name,
    over: visit.address,
    back: address,
    backLabel: "Retour à la pièce",
    body: html`<section class="pl-sheet">${field({ id: "name", label: "Nom de la pièce", value: current.name, most: 80, write: () => {} })}
      <label class="pl-choice"><input type="checkbox" id="unvisited" .checked=${current.visited === false}>Pièce non visitée</label>
      ${app.wrong ? html`<p class="pl-error" id="wrong" role="alert">${typeset(app.wrong)}</p>` : ""}
      ${field({ id: "why", label: "Pourquoi n’est-elle pas visitée ?", hint: "clé absente, pièce fermée…", value: current.reason, rows: 2, most: 200, write: () => {} })}</section>
      <p class="pl-meta">${many(itemsIn(visit, current).length, "point se regarde", "points se regardent")} dans cette pièce.</p>`,
    bar: html`<button class="btn btn-primary" type="button" @click=${save}>Enregistrer</button>`,
  };
}
