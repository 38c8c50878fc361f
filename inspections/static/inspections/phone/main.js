/* The start: what the phone holds is shown at once, then the service is asked for more. One address a screen, after the #. */
import { render } from "../../vendor/lit-html/lit-html.js";
import { app, hold, keep, recall, visitOf, writeDrafts } from "./app.js";
import { many } from "./format.js";
import { frame } from "./frame.js";
import { Queue } from "./queue.js";
import { openStore } from "./store.js";
import * as day from "./day.js";

const EVERY = 20_000;
const BUNDLE = "journee/";
const DOCUMENTS = "phone-documents";
// The first screen comes alone; the others follow while one reads it.
const SCREENS = { pieces: "rooms", renommer: "rooms", piece: "room", photo: "photo", fin: "end" };
const modules = {};
const bring = (name) => import(`./${name}.js`).then((module) => { modules[name] = module; });

app.uuid = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  [bytes[6], bytes[8]] = [(bytes[6] & 15) | 64, (bytes[8] & 63) | 128];
  return [...bytes].map((byte, at) => ([4, 6, 8, 10].includes(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
};

async function screen() {
  const [, top, id, part = "", extra = ""] = location.hash.split("/");
  const isDay = top !== "envoi" && !(top === "visite" && visitOf(id));
  if (isDay) return day.show();
  const name = top === "envoi" ? "waiting" : (SCREENS[part] ?? "visit");
  if (!modules[name]) await bring(name);
  return modules[name].show({ id, part, extra });
}

let shown = null;
let drawing = false;
let stale = false;
let target = "";

/** Draws once, however many things changed; a new address takes the focus to its title and back to where one was. */
app.redraw = async (focus) => {
  target = focus ?? target;
  stale = true;
  if (drawing) return;
  drawing = true;
  try {
    while (stale) {
      stale = false;
      draw(await screen());
    }
  } finally {
    drawing = false;
  }
};

function draw(drawn) {
  const first = shown === null;
  const isNew = shown !== location.hash;
  if (first) document.body.replaceChildren();
  render(frame(drawn), document.body);
  document.title = `${drawn.title} – Visites – Permis de louer`;
  if (isNew) {
    shown = location.hash;
    keep("at", shown);
    if (!first) document.querySelector("h1").focus({ preventScroll: true });
    scrollTo(0, recall(`scroll ${shown}`) ?? 0);
  }
  if (target) document.getElementById(target)?.focus();
  target = "";
}

addEventListener("hashchange", () => { app.faults = app.wrong = app.severityOf = app.picked = ""; app.redraw(); });
let resting = 0;
addEventListener("scroll", () => {
  clearTimeout(resting);
  resting = setTimeout(() => shown === location.hash && keep(`scroll ${shown}`, Math.round(scrollY)), 150);
}, { passive: true });

/** Speaks to the service as the page of the person who is signed in. */
const speak = (url, options = {}) => fetch(url, { credentials: "same-origin", ...options, headers: { ...options.headers, "X-CSRFToken": app.bundle?.csrf ?? "" } });

async function look() {
  for (const each of app.bundle?.visits ?? []) hold(each.id, await app.store.entries(each.id));
}

app.flush = async () => {
  await app.queue.flush();
  await look();
  app.redraw();
};

/** Asks for the visits of the coming days, brings their documents along, sends what waits. */
app.refresh = async () => {
  await app.flush();
  try {
    const answer = await speak(BUNDLE);
    if (answer.ok) await receive(await answer.json());
  } catch {
    // No network: what the phone holds is enough.
  }
  app.redraw();
};

async function receive(bundle) {
  app.bundle = bundle;
  await app.store.put("bundle", bundle);
  warnOfClock(bundle.clock);
  await look();
  await bringDocuments(bundle);
}

function warn(name, words) {
  if (words) app.warnings.set(name, words);
  else app.warnings.delete(name);
}

function warnOfClock(clock) {
  const minutes = Math.round((Date.now() - new Date(clock)) / 60_000);
  const gap = Math.abs(minutes);
  warn("clock", gap < 3 ? "" : `L’horloge de ce téléphone ${minutes > 0 ? "avance" : "retarde"} de ${gap < 120 ? many(gap, "minute", "minutes") : many(Math.round(gap / 60), "heure", "heures")}. Les heures saisies seront corrigées par celle du service ; réglez l’heure du téléphone.`);
}

/** The pages of the documents, for reading without network; those of other visits go. */
async function bringDocuments(bundle) {
  app.missing = new Set();
  if (!window.caches) return;
  const cache = await caches.open(DOCUMENTS);
  const wanted = new Map(bundle.visits.flatMap((each) => each.documents.flatMap((document) => document.pages.map((page) => [page, each.id]))));
  const held = new Set();
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (wanted.has(pathname)) held.add(pathname);
    else await cache.delete(request);
  }
  for (const [page, id] of wanted) {
    if (held.has(page)) continue;
    try {
      await cache.add(page);
    } catch {
      app.missing.add(id);
    }
  }
  app.redraw();
}

async function start() {
  try {
    app.store = await openStore();
  } catch (error) {
    console.error(error);
    app.trouble = "Ce navigateur ne garde rien sur ce téléphone (navigation privée ?) : une visite y serait perdue. Ouvrez cette page dans une fenêtre ordinaire.";
    return app.redraw();
  }
  app.bundle = (await app.store.get("bundle")) ?? null;
  app.queue = new Queue({ store: app.store, fetch: speak, device: "", label: "", onchange: () => app.redraw() });
  app.blobOf = (id) => app.store.blob(id);
  await look();
  if (!location.hash && recall("at")) history.replaceState(null, "", recall("at"));
  app.redraw();
  await writeDrafts();
  await app.refresh();
}

start();
