/* Photos: taken, made small on the phone, bound to a point, said to show somebody, taken back. */
import { html } from "./words.js";
import { live } from "../../vendor/lit-html/directives/live.js";
import { icon } from "./icons.js";
import { add, app, go, itemOf, itemsIn, kept, survey, typing, visitOf, write } from "./app.js";
import { hour, plain, weight } from "./format.js";
import { field, REPLIES, state } from "./parts.js";
import { uuid } from "./ledger.js";
import { defect } from "./room.js";
import { digest, shrink } from "./shrink.js";

const names = (visit, photo) => {
  const alike = survey(visit).photosOf(photo);
  return `${photo.code ?? "Photo"}-${alike.findIndex((each) => each.photo === photo.photo) + 1}`;
};

/** An address for the bytes that the phone holds; read once. */
function source(photo) {
  if (!app.photos.has(photo.photo)) {
    app.photos.set(photo.photo, "");
    app.queue.blob(photo.photo).then((blob) => { if (blob) { app.photos.set(photo.photo, URL.createObjectURL(blob)); app.redraw(); } });
  }
  return app.photos.get(photo.photo);
}

export const thumbs = (visit, answer) => survey(visit).photosOf(answer).map((photo) => html`<a href="#/visite/${visit.id}/photo/${photo.photo}">${source(photo)
  ? html`<img src=${source(photo)} alt="Photo ${names(visit, photo)}, ${hour(photo.taken_at)}">` : html`<span class="pl-hidden">Photo ${names(visit, photo)}, ${hour(photo.taken_at)}, </span>${icon("camera", "envoyée")}`}</a>`);

/** Opens the phone's camera; the file goes to the disk before anything else. */
export function camera(visit, answer, label, { replaces = null, primary = false } = {}) {
  const take = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    let small;
    try {
      small = await shrink(file);
    } catch {
      app.trouble = "Ce fichier n’est pas une photo que le téléphone sait lire. Reprenez-la avec l’appareil photo.";
      app.redraw();
      return;
    }
    const photo = { photo: uuid(), room: answer.room ?? null, code: answer.code, sha256: await digest(small), size: small.size, taken_at: new Date(replaces ? Date.now() : file.lastModified || Date.now()).toISOString(), caption: replaces?.caption ?? "", people: false };
    await kept(async () => {
      await add(visit, "photo", photo, () => app.queue.addPhoto(visit.id, photo, small));
      app.photosWaiting.add(photo.photo);
      const gone = replaces && { photo: replaces.photo };
      if (gone) await add(visit, "photo_removed", gone, () => app.queue.write(visit.id, "photo_removed", gone));
      go(`#/visite/${visit.id}/photo/${photo.photo}`);
    });
  };
  const isFirst = label === "Photo à prendre";
  return html`<label class="btn ${isFirst ? "btn-danger" : primary ? "btn-primary" : ""}">${icon("camera")}${label}<input type="file" accept="image/*" capture="environment" @change=${take}></label>`;
}

export function show({ id, extra }) {
  const visit = visitOf(id);
  const photo = survey(visit).get(`photo:${extra}`);
  const room = survey(visit).get(`room:${photo.room}`);
  const back = photo.room ? `#/visite/${id}/piece/${photo.room}` : `#/visite/${id}/pieces`;
  if (!photo.photo) return { title: "Photo ôtée", over: visit.address, back, backLabel: "Retour", body: html`<p>Cette photo n’est plus dans la visite.</p>`, bar: html`<a class="btn" href=${back}>Retour aux pièces</a>` };
  const item = itemOf(visit, photo.code);
  const answer = survey(visit).get(`answer:${photo.room ?? "-"}:${photo.code}`);
  const waits = app.photosWaiting.has(photo.photo);
  const keep = () => go(back);
  const remove = async () => { await write(visit, "photo_removed", { photo: photo.photo }); go(back); };
  const others = room.room ? itemsIn(visit, room) : [];
  return {
    title: `Photo ${names(visit, photo)}`,
    over: room.name,
    back,
    backLabel: `Retour à ${room.name ?? "la visite"}`,
    body: html`<div class="pl-grid pl-cols"><div class="pl-grid"><figure>${source(photo) ? html`<img class="pl-shot" src=${source(photo)} alt=${photo.caption || `Photo ${names(visit, photo)}`}>` : html`<p>La photo est au service ; ce téléphone ne la garde plus.</p>`}
        <figcaption class="pl-meta">${icon("clock")} Prise le ${plain(photo.taken_at)} à ${hour(photo.taken_at)} · empreinte ${photo.sha256.slice(0, 4)}…${photo.sha256.slice(-4)}</figcaption></figure>
        <section class="pl-sheet">${field({ id: "caption", label: "Légende", value: photo.caption, keep: (text) => typing(visit, "photo", { ...photo, caption: text }), write: (text) => write(visit, "photo", { ...photo, caption: text }) })}
          <label class="pl-choice"><input type="checkbox" .checked=${live(Boolean(photo.people))} @change=${(event) => write(visit, "photo", { ...photo, people: event.target.checked })}><span>Une personne est visible<small>la photo sera floutée avant d’être montrée</small></span></label></section>
        <p>${waits ? html`${icon("away")} <strong>Non synchronisée.</strong> Gardée sur ce téléphone (${weight(photo.size)}), envoi dès que le réseau revient.` : html`${icon("sent")} <strong>Envoyée.</strong>`}</p></div>
      <div class="pl-grid"><section class="pl-sheet"><p class="pl-meta">Liée au point</p><h2><span class="pl-num">${photo.code}</span> ${item?.title ?? ""}</h2>${answer.reply ? html`<p>${state({ ...REPLIES[answer.reply], icon: answer.reply === "non_conform" ? "stop" : REPLIES[answer.reply].icon })}</p>` : ""}
          <details><summary>Lier à un autre point</summary><label class="form-label" for="other">Point de ${room.name}</label><select class="form-control" id="other" @change=${(event) => write(visit, "photo", { ...photo, code: event.target.value })}>${others.map((each) => html`<option value=${each.code} ?selected=${each.code === photo.code}>${each.code} ${each.title}</option>`)}</select></details></section>
        ${item && answer.reply === "non_conform" ? html`<section class="pl-sheet">${defect(visit, room, item, { withPhotos: false })}</section>` : ""}
        <div class="pl-row"><span class="grow">${camera(visit, photo, "Reprendre la photo", { replaces: photo })}</span><button class="btn grow" type="button" @click=${remove}>Ôter la photo</button></div></div></div>`,
    bar: html`${camera(visit, photo, "Autre photo")}<button class="btn btn-primary" type="button" @click=${keep}>${icon("yes")}Garder</button>`,
  };
}
