/* One room and what is looked at in it: exceptions first, the rest in one touch. */
import { html, typeset } from "./words.js";
import { live } from "../../vendor/lit-html/directives/live.js";
import { icon } from "./icons.js";
import { answerIn, app, go, itemsIn, progress, survey, typing, visitOf, write, writeAll } from "./app.js";
import { number, shown } from "./format.js";
import { verdicts } from "./measuring.js";
import { conflicts } from "./conflicts.js";
import { note } from "./frame.js";
import { choices, dictation, field, REPLIES, SEVERITIES, state } from "./parts.js";
import { camera, thumbs } from "./photo.js";
import { roomLinks, unfinished } from "./rooms.js";

const MEASURED = { living: 3, bedroom: 3, kitchen: 3, bathroom: 3, toilet: 3, dwelling: 1 };
const MEASURES = [
  ["surface", "Surface (m²)"], ["height", "Hauteur (m)"], ["volume", "Volume (m³)"], ["temperature", "Température (°C)"], ["humidity", "Humidité (%)"],
];

const of = (room, item) => ({ room: room.room, code: item.code });
const said = (visit, room, item) => ({ reply: "", note: "", severity: item.severity, reason: "", quick: false, ...answerIn(visit, room, item), ...of(room, item) });
/** What is sent: severity and reason only where they are not the grid's. */
function told(visit, room, item, change) {
  const { severity, reason, ...answer } = { ...said(visit, room, item), ...change };
  return severity === item.severity ? answer : { ...answer, severity, reason };
}

/** What the measures say of the items of a room. */
function found(visit, room) {
  const all = verdicts(survey(visit), visit.grid, visit.declared);
  return new Map(all.filter((each) => (each.room ?? (room.kind === "dwelling" ? room.room : "")) === room.room).map((each) => [each.code, each]));
}

/** Severity, photo and words of a defect; also under its photo. */
export function defect(visit, room, item, { withPhotos = true } = {}) {
  const answer = said(visit, room, item);
  const id = `${item.code}-${room.room}`;
  const open = app.severityOf === id;
  const tell = (change) => write(visit, "answer", told(visit, room, item, change));
  const pick = (severity) => {
    if (severity === item.severity) { app.severityOf = ""; return tell({ severity, reason: "" }); }
    app.picked = severity;
    return app.redraw();
  };
  const change = () => {
    const reason = document.getElementById(`why-${id}`).value.trim();
    app.wrong = reason ? "" : "Écrivez pourquoi la gravité n’est pas celle de la grille : le service le lira.";
    if (!reason) { app.redraw(`why-${id}`); return; }
    const severity = app.picked;
    app.severityOf = app.picked = "";
    tell({ severity, reason });
  };
  const chosen = SEVERITIES[answer.severity];
  return html`<div class="pl-grid">
    ${open
      ? html`${choices({ name: `severity-${id}`, legend: "Gravité", options: SEVERITIES, chosen: app.picked || answer.severity, pick, two: true })}
        ${app.picked && app.picked !== item.severity ? html`${app.wrong ? html`<p class="pl-error" role="alert">${typeset(app.wrong)}</p>` : ""}
          ${field({ id: `why-${id}`, label: "Raison", hint: `la grille propose : ${SEVERITIES[item.severity].name}`, value: answer.reason, rows: 2, write: () => {} })}
          <button class="btn wide" type="button" @click=${change}>Garder cette gravité</button>` : html`<button class="btn wide" type="button" @click=${() => { app.severityOf = ""; app.redraw(); }}>Garder ${SEVERITIES[answer.severity].name}</button>`}`
      : html`<div class="pl-row"><strong>Gravité</strong>${state(chosen)}<button class="btn btn-quiet end" type="button" @click=${() => { app.severityOf = id; app.picked = app.wrong = ""; app.redraw(); }}>Changer<span class="pl-hidden"> la gravité de ${item.title}</span></button></div>
        ${answer.reason ? html`<p class="pl-meta">Raison : ${answer.reason}</p>` : ""}`}
    ${answer.severity === "B" ? html`<label class="pl-choice"><input type="checkbox" .checked=${live(Boolean(answer.quick))} @change=${(event) => tell({ quick: event.target.checked })}><span>Travaux rapides<small>possibles avant la location</small></span></label>` : ""}
    ${withPhotos ? html`<div class="pl-thumbs">${thumbs(visit, answer)}${camera(visit, answer, survey(visit).photosOf(answer).length ? "Autre photo" : "Photo à prendre")}</div>` : ""}
    <div class="pl-row tight speak"><div class="grow">${field({ id: `note-${id}`, label: "Constat", value: answer.note, rows: 2, most: 4000,
      keep: (text) => typing(visit, "answer", told(visit, room, item, { note: text })),
      write: (text) => write(visit, "answer", told(visit, room, item, { note: text })) })}
    </div>${dictation(`note-${id}`, (text) => write(visit, "answer", told(visit, room, item, { note: text })), `Dicter le constat de ${item.title}`)}</div>
  </div>`;
}

function line(visit, room, item, verdict) {
  const answer = said(visit, room, item);
  const name = `${item.code}-${room.room}`;
  const legend = html`<span class="pl-code pl-num">${item.code}</span><span>${item.title}</span><small>${item.conform}</small>`;
  const pick = (reply) => write(visit, "answer", told(visit, room, item, { reply, quick: answer.quick || (reply === "non_conform" && Boolean(item.quick)) }));
  const isDefect = answer.reply === "non_conform";
  const photos = survey(visit).photosOf(answer);
  return html`<li class="pl-sheet" id=${name}>
    ${choices({ name, legend, options: REPLIES, chosen: answer.reply, pick })}
    ${verdict ? html`<p class="pl-meta">${verdict.reply ? html`<strong class="pl-ic ${REPLIES[verdict.reply].family}">Mesuré : ${REPLIES[verdict.reply].name}.</strong> ` : ""}${verdict.sentence}</p>` : ""}
    ${verdict?.reply && answer.reply && verdict.reply !== answer.reply ? html`<p class="pl-error">${icon("warn")} Votre réponse n’est pas celle des mesures.</p>` : ""}
    ${isDefect ? defect(visit, room, item) : ""}
    ${!isDefect && photos.length ? html`<div class="pl-thumbs">${thumbs(visit, answer)}</div>` : ""}
    ${answer.reply === "not_verifiable" ? field({ id: `note-${name}`, label: "Pourquoi ?", value: answer.note, rows: 2,
      keep: (text) => typing(visit, "answer", told(visit, room, item, { note: text })),
      write: (text) => write(visit, "answer", told(visit, room, item, { note: text })) }) : ""}
    ${answer.reply === "not_verifiable" ? camera(visit, answer, photos.length ? "Autre photo" : "Photo") : ""}
    ${conflicts(visit, (key) => key === `answer:${room.room}:${item.code}`)}
  </li>`;
}

function measures(visit, room) {
  if (!(room.kind in MEASURED)) return "";
  const input = ([measure, label]) => {
    const value = survey(visit).get(`measure:${room.room}:${measure}`).value;
    const payload = (text) => ({ room: room.room, measure, value: number(text) });
    const wrong = app.wrongMeasure === `${room.room}:${measure}`;
    return html`<div>${field({ id: `m-${measure}`, label, value: shown(value), mode: "decimal",
      keep: (text) => number(text) && typing(visit, "measure", payload(text)),
      write: (text) => {
        app.wrongMeasure = number(text) || (!text && !value) ? "" : `${room.room}:${measure}`;
        if (number(text)) return write(visit, "measure", payload(text));
        return app.redraw();
      } })}${wrong ? html`<p class="pl-error" role="alert">Écrivez un nombre, par exemple 12,4.</p>` : ""}</div>`;
  };
  const shownFirst = MEASURES.slice(0, Math.min(MEASURED[room.kind], 2));
  return html`<section class="pl-sheet"><h2>Mesures</h2><div class="pl-short">${shownFirst.map(input)}</div>
    ${conflicts(visit, (key) => key.startsWith(`measure:${room.room}:`))}
    <details><summary>Volume, température, humidité</summary><div class="pl-short">${MEASURES.slice(shownFirst.length).map(input)}</div></details></section>`;
}

/** Defects first when one comes in; nothing moves under the thumb while one stays. */
function inOrder(visit, room, items) {
  if (app.order?.address !== location.hash) {
    const isDefect = (item) => answerIn(visit, room, item).reply === "non_conform";
    app.order = { address: location.hash, codes: [...items.filter(isDefect), ...items.filter((item) => !isDefect(item))].map((item) => item.code) };
  }
  return app.order.codes.map((code) => items.find((item) => item.code === code)).filter(Boolean);
}

export function show({ id, extra }) {
  const visit = visitOf(id);
  const rooms = survey(visit).rooms;
  const room = rooms.find((each) => each.room === extra);
  if (!room) return { title: "Pièce introuvable", back: `#/visite/${id}/pieces`, backLabel: "Retour aux pièces", body: html`<p>Cette pièce n’est pas sur ce téléphone.</p>` };
  const items = itemsIn(visit, room);
  const { done, all } = progress(visit, room);
  const judged = found(visit, room);
  const open = items.filter((item) => !answerIn(visit, room, item).reply);
  const rest = async () => {
    const sound = open.filter((item) => judged.get(item.code)?.reply !== "non_conform");
    await writeAll(visit, sound.map((item) => ["answer", told(visit, room, item, { reply: judged.get(item.code)?.reply ?? "conform" })]));
    if (sound.length < open.length) document.getElementById(`${open.find((item) => !sound.includes(item)).code}-${room.room}`)?.scrollIntoView();
  };
  const next = unfinished(visit, room.room);
  const unseen = room.visited === false;
  return {
    title: room.name,
    over: visit.address,
    back: `#/visite/${id}/pieces`,
    backLabel: "Retour aux pièces",
    body: html`<div class="pl-grid pl-room"><nav class="pl-wide" aria-label="Pièces du logement">${roomLinks(visit, room.room)}</nav>
      <div class="pl-grid"><div class="pl-sheet"><div class="pl-row tight"><span class="grow"><strong>Pièce ${rooms.indexOf(room) + 1} sur ${rooms.length}</strong> · <span class="pl-num">${done} / ${all} points</span></span><a class="btn btn-quiet" href="#/visite/${id}/renommer/${room.room}">Changer<span class="pl-hidden"> le nom, ou dire la pièce non visitée</span></a></div></div>
      ${unseen ? note("is-warn", html`<p><strong>Pièce non visitée.</strong> ${room.reason}</p>`) : measures(visit, room)}
      <ul role="list" class="pl-grid">${unseen ? "" : inOrder(visit, room, items).map((item) => line(visit, room, item, judged.get(item.code)))}</ul></div></div>`,
    bar: html`${open.length && !unseen ? html`<button class="btn" type="button" @click=${rest}>${icon("all")}Le reste est conforme</button>` : ""}
      <button class="btn btn-primary" type="button" @click=${() => go(next ? `#/visite/${id}/piece/${next.room}` : `#/visite/${id}/fin`)}>${next ? next.name : "Fin de visite"} ${icon("next")}</button>`,
  };
}
