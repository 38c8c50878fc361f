/* The frame of every screen: title, what waits to be sent, what one does, and one bar under the thumb. */
import { html, typeset } from "./words.js";
import { keyed } from "../../vendor/lit-html/directives/keyed.js";
import { icon } from "./icons.js";
import { app } from "./app.js";
import { hour, many } from "./format.js";

export const note = (family, content) => html`<div class="pl-note ${family}">${typeset(content)}</div>`;

/** The words of the strip: what waits, what moves, what is done. */
export function sync() {
  const { pending, refused, busy, signedOut, revoked, offline, done, total, lastSync } = app.queue?.state() ?? { pending: 0 };
  if (app.trouble) return { family: "is-danger", icon: "stop", words: app.trouble };
  if (revoked) return { family: "is-danger", icon: "stop", words: "Ce téléphone a été effacé à distance : il ne garde plus de visite" };
  if (refused) return { family: "is-danger", icon: "stop", words: `${many(refused, "envoi refusé", "envois refusés")} · rien n’est perdu` };
  if (signedOut) return { family: "is-warn", icon: "away", words: pending ? `Non synchronisé (${pending}) · connectez-vous` : "Connectez-vous pour recevoir vos visites" };
  if (busy && total) return { family: "is-info", icon: "sending", words: `Envoi, ${Math.min(done + 1, total)} sur ${total}` };
  if (pending) return { family: "is-warn", icon: "away", words: `Non synchronisé (${pending})${offline || !navigator.onLine ? " · pas de réseau" : ""}` };
  if (lastSync) return { family: "is-ok", icon: "sent", words: `Tout est envoyé, ${hour(lastSync)}` };
  return { family: "", icon: "sent", words: navigator.onLine ? "Rien à envoyer" : "Rien à envoyer · pas de réseau" };
}

/** The whole of a screen. */
export function frame({ title, over, back, backLabel, aside, body, bar }) {
  const strip = sync();
  return html`<a class="pl-skip" href="#contenu" @click=${(event) => { event.preventDefault(); document.getElementById("contenu").focus(); }}>Aller au contenu</a>
  <header class="pl-top"><div class="pl-wrap">
    ${back ? html`<a class="pl-iconbtn" href=${back}>${icon("back", backLabel)}</a>` : ""}
    <div>${over && back ? html`<p class="pl-meta">${over}</p>` : ""}<h1 tabindex="-1">${title}</h1>${over && !back ? html`<p class="pl-meta">${over}</p>` : ""}</div>
    ${aside ?? ""}</div>
    <a class="pl-sync ${strip.family}" href="#/envoi"><span class="pl-wrap">${icon(strip.icon)}<span role="status" aria-live="polite">${strip.words}</span><u>Voir</u></span></a>
  </header>
  <main id="contenu" tabindex="-1"><div class="pl-wrap pl-grid">${keyed(location.hash, body)}</div></main>
  ${bar ? html`<footer class="pl-bar"><div class="pl-wrap">${bar}</div></footer>` : ""}`;
}
