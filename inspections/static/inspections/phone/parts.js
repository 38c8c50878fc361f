/* Parts of screens that several of them share. */
import { html, typeset } from "./words.js";
import { live } from "../../vendor/lit-html/directives/live.js";
import { icon } from "./icons.js";
import { app } from "./app.js";

export const SEVERITIES = {
  D: { name: "Danger", means: "alerte immédiate", family: "is-danger", icon: "stop" },
  B: { name: "Bloquant", means: "avant location", family: "is-danger", icon: "stop" },
  R: { name: "Réserve", means: "avec délai", family: "is-warn", icon: "warn" },
  O: { name: "Observation", means: "conseil", family: "is-info", icon: "info" },
};
export const REPLIES = {
  conform: { name: "Conforme", family: "is-ok", icon: "yes" },
  non_conform: { name: "Non conforme", family: "is-danger", icon: "no" },
  not_applicable: { name: "Sans objet", family: "", icon: "none" },
  not_verifiable: { name: "Non vérifiable", family: "is-warn", icon: "unseen" },
};
export const CONCLUSIONS = {
  favourable: { name: "Favorable", family: "is-ok", icon: "ok" },
  reserves: { name: "Favorable avec réserves", family: "is-warn", icon: "warn" },
  unfavourable: { name: "Défavorable", family: "is-danger", icon: "stop" },
};

export const state = ({ family, icon: picture, name }) => html`<span class="pl-state ${family}">${icon(picture)}${name}</span>`;

/** One choice among a few, real radios; `pick` receives the chosen value. */
export function choices({ name, legend, options, chosen, pick, two = false }) {
  return html`<fieldset class="pl-answers ${two ? "pl-answers-2" : ""}"><legend>${typeset(legend)}</legend>
    ${Object.entries(options).map(([value, option]) => html`<input class="pl-pick" type="radio" name=${name} id="${name}-${value}" value=${value}
      .checked=${live(chosen === value)} @change=${() => pick(value)}><label class="btn ${option.family}" for="${name}-${value}">${option.icon && !two ? icon(option.icon) : ""}<span>${option.name}</span>${option.means ? html`<small>${option.means}</small>` : ""}</label>`)}
  </fieldset>`;
}

/** A field that keeps each letter and writes once it is left. */
export function field({ id, label, value, keep, write, rows = 0, hint = "", mode = "text", most = 300 }) {
  const common = { input: (event) => keep?.(event.target.value), change: (event) => write(event.target.value) };
  return html`<div><label class="form-label" for=${id}>${typeset(label)}${hint ? html`<small> ${typeset(hint)}</small>` : ""}</label>${rows
    ? html`<textarea class="form-control" id=${id} rows=${rows} maxlength=${most} .value=${value ?? ""} @input=${common.input} @change=${common.change}></textarea>`
    : html`<input class="form-control" id=${id} maxlength=${most} inputmode=${mode} autocomplete="off" .value=${value ?? ""} @input=${common.input} @change=${common.change}>`}</div>`;
}

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

/** Speaks into a field, where the phone knows how to listen. */
export function dictation(id, write, label = "Dicter le constat") {
  if (!Recognition) return "";
  const listen = () => {
    const listening = new Recognition();
    listening.lang = "fr-FR";
    listening.onresult = (event) => {
      const target = document.getElementById(id);
      target.value = [target.value.trim(), event.results[0][0].transcript].filter(Boolean).join(" ");
      write(target.value);
    };
    listening.onerror = () => { app.trouble = "La dictée n’a rien entendu, ou demande le réseau. Écrivez le constat."; app.redraw(); };
    listening.start();
  };
  return html`<button class="pl-iconbtn" type="button" @click=${listen}>${icon("mic", label)}</button>`;
}
