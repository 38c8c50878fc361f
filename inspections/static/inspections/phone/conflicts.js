/* What two phones said of one thing: both are kept, and somebody who was there says which counts. */
import { html } from "./words.js";
import { icon } from "./icons.js";
import { itemOf, survey, write } from "./app.js";
import { hour, shown } from "./format.js";
import { CONCLUSIONS, REPLIES, SEVERITIES } from "./parts.js";

const NAMES = { start: "Début", finish: "Fin", room: "Pièce", measure: "Mesure", photo: "Photo", people: "Personnes présentes", conclusion: "Conclusion", signature: "Signature", outcome: "Visite impossible" };
const SAID = {
  answer: ({ reply, severity, note, quick }) => [REPLIES[reply]?.name, severity && SEVERITIES[severity].name, quick && "travaux rapides", note],
  measure: ({ value }) => [shown(value)],
  room: ({ name, visited, reason }) => [name, visited === false && `non visitée, ${reason}`],
  photo: ({ sha256, caption, code, people }) => [sha256 ? "gardée" : "ôtée", code, caption, people && "une personne est visible"],
  people: ({ present, capacity, consent, consent_note }) => [present, capacity, consent === true && "accord donné", consent === false && "accord refusé", consent_note],
  conclusion: ({ conclusion, text }) => [CONCLUSIONS[conclusion]?.name, text],
  signature: ({ name, refused, reason, strokes }) => [name, refused ? `refuse de signer, ${reason}` : strokes?.length && "signé"],
  outcome: ({ outcome, note }) => [outcome === "no_show" ? "Personne au rendez-vous" : "Accès refusé", note],
};
const kindOf = (key) => key.split(":")[0];
const words = (kind, payload) => (SAID[kind] ?? (({ at }) => [at && hour(at)]))(payload).filter(Boolean).join(" · ") || "Rien";

function named(visit, key) {
  const [kind, room, last] = key.split(":");
  if (kind === "answer") return `${last} ${itemOf(visit, last)?.title ?? ""}`;
  return [NAMES[kind], kind === "measure" && survey(visit).get(`room:${room}`).name].filter(Boolean).join(", ");
}

/** The conflicts that `about` picks by their key, each with a button for either version. */
export function conflicts(visit, about) {
  return survey(visit).conflicts.filter(({ key }) => about(key)).map(({ key, standing, other }) => {
    const kind = kindOf(key);
    const settle = (payload) => write(visit, kind === "photo" && !payload.sha256 ? "photo_removed" : kind, payload);
    return html`<div class="pl-note is-warn" id=${key} tabindex="-1"><p><strong>${icon("warn")} Saisi autrement sur un autre téléphone.</strong> ${named(visit, key)} : choisissez ce qui vaut.</p>
      ${[standing, other].map((version) => html`<button class="btn wide" type="button" @click=${() => settle(version)}>${words(kind, version)}</button>`)}</div>`;
  });
}
