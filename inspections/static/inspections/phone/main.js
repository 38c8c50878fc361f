/* The start: what the phone holds is shown at once, then the service is asked for more. One address a screen, after the #. */
import { render } from "../../vendor/lit-html/lit-html.js";
import { app, hold, keep, recall, visitOf, writeDrafts } from "./app.js";
import { keepTimeOf, many } from "./format.js";
import { frame } from "./frame.js";
import { Queue } from "./queue.js";
import { openStore } from "./store.js";
import * as day from "./day.js";
import { typeset } from "./words.js";

const SOON = 1500;
const EVERY = 20_000;
const BRING_EVERY = 600_000;
const DOCUMENTS = "phone-documents";
// The first screen comes alone; the others follow while one reads it.
const SCREENS = { pieces: "rooms", renommer: "rooms", piece: "room", photo: "photo", fin: "end" };
const modules = {};
const bring = (name) => import(`./${name}.js`).then((module) => { modules[name] = module; });

async function screen() {
  const [, top, id, part = "", extra = ""] = location.hash.split("/");
  const isDay = top !== "envoi" && !(top === "visite" && visitOf(id));
  if (isDay) return day.show();
  const name = top === "envoi" ? "waiting" : (SCREENS[part] ?? "visit");
  if (!modules[name]) await bring(name);
  return modules[name].show({ id, part, extra });
}

let shown = null;
let ready = false;
let drawing = false;
let stale = false;
let target = "";

/** Draws once, however many things changed; a new address takes the focus to its title and back to where one was. */
app.redraw = async (focus) => {
  target = focus ?? target;
  stale = true;
  if (drawing || !ready) return;
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

addEventListener("hashchange", () => { app.faults = app.wrong = app.severityOf = app.picked = ""; app.order = null; app.redraw(); });
let resting = 0;
addEventListener("scroll", () => {
  clearTimeout(resting);
  resting = setTimeout(() => shown === location.hash && keep(`scroll ${shown}`, Math.round(scrollY)), 150);
}, { passive: true });

/** Reads what the phone holds: whose it is, their visits, and what is written of each. */
async function look() {
  const { user, visits } = await app.queue.day();
  app.bundle = user ? { user, visits: visits.filter((each) => !each.erased && each.grid) } : null;
  app.done = visits.filter((each) => each.erased);
  keepTimeOf(app.bundle?.visits[0]?.time_zone);
  for (const each of app.bundle?.visits ?? []) {
    let entries;
    let before;
    do {
      before = app.written;
      entries = await app.queue.entries(each.id);
    } while (before !== app.written);
    hold(each.id, entries);
  }
  await count();
}

async function count() {
  app.waiting = await app.queue.waiting();
  app.photosWaiting = new Set(app.waiting.flatMap((each) => each.photos));
  app.redraw();
}

async function forget() {
  for (const name of Object.keys(localStorage)) if (name.startsWith("phone:")) localStorage.removeItem(name);
  await window.caches?.delete(DOCUMENTS);
}

let broughtAt = 0;
let refreshing = null;
let soon = 0;

/** Sends what waits; from time to time, or when a person asks, brings the visits of the coming days and their documents. */
app.refresh = (now = false) => (refreshing ??= refresh(now).finally(() => { refreshing = null; }));

/** A moment after the last thing written: sent, or counted where there is no network. */
app.soon = () => {
  clearTimeout(soon);
  soon = setTimeout(navigator.onLine ? app.refresh : count, SOON, false);
};

async function refresh(now) {
  const before = app.bundle?.user?.id;
  const isTime = now || Date.now() - broughtAt > BRING_EVERY;
  if (isTime && (await app.queue.bring())) {
    broughtAt = Date.now();
    warnOfClock(app.queue.state().clock);
  }
  if (app.queue.state().pending) await app.queue.flush({ now });
  await look();
  const { revoked, offline, signedOut } = app.queue.state();
  if (revoked || (before && app.bundle?.user?.id !== before)) await forget();
  app.redraw();
  if (isTime) await bringDocuments(!offline && !signedOut);
}

function warn(name, words) {
  if (words) app.warnings.set(name, typeset(words));
  else app.warnings.delete(name);
}

function warnOfClock(clock) {
  const minutes = Math.round((Date.now() - new Date(clock)) / 60_000);
  const gap = Math.abs(minutes);
  warn("clock", gap < 3 ? "" : `L’horloge de ce téléphone ${minutes > 0 ? "avance" : "retarde"} de ${gap < 120 ? many(gap, "minute", "minutes") : many(Math.round(gap / 60), "heure", "heures")}. Le rapport gardera aussi l’heure du service ; réglez l’heure du téléphone.`);
}

/** The pages of the documents, for reading without network; those of visits that are no longer held go. */
async function bringDocuments(isOnline) {
  if (!window.caches) return;
  const cache = await caches.open(DOCUMENTS);
  const wanted = new Map((app.bundle?.visits ?? []).flatMap((each) => each.documents.flatMap((document) => document.pages.map((page) => [page, each.id]))));
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (!wanted.delete(pathname) && isOnline) await cache.delete(request);
  }
  for (const page of isOnline ? [...wanted.keys()] : []) {
    const answer = await fetch(page).catch(() => null);
    // A sign-in page must not pass for a document.
    if (!answer?.ok || !answer.headers.get("Content-Type")?.startsWith("image/")) continue;
    await cache.put(page, new Response(await answer.blob()));
    wanted.delete(page);
  }
  app.missing = new Set(wanted.values());
  app.redraw();
}

/** The letters of the identity, which the first screen of a new phone does not wait for. */
function dress() {
  const letters = document.createElement("link");
  letters.rel = "stylesheet";
  letters.href = new URL("font.css", import.meta.url);
  document.head.append(letters);
}

/** The worker and the other screens, once the first screen is there. */
async function install() {
  if (!navigator.serviceWorker?.controller) dress();
  await Promise.all(["visit", "rooms", "room", "photo", "end", "waiting", "conflicts"].map(bring)).catch(() => {});
  if (!navigator.serviceWorker) {
    warn("worker", "Cette adresse n’est pas sûre (https) : sans réseau, la page ne s’ouvrira pas. Gardez-la ouverte, ou demandez l’adresse https au service.");
    return app.redraw();
  }
  await navigator.serviceWorker.register("/sw.js", { scope: "/visites/telephone/" }).catch(console.error);
  await navigator.serviceWorker.ready;
  app.installed = true;
  app.persistent = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false;
  warn("storage", app.persistent ? "" : "Ce téléphone pourrait effacer les saisies s’il manque de place. Installez l’application sur l’écran d’accueil, et envoyez chaque soir.");
  app.redraw();
}

async function start() {
  if (navigator.serviceWorker?.controller) dress();
  try {
    app.queue = await new Queue({ store: await openStore(), fetch: (...request) => fetch(...request), label: navigator.userAgent.slice(0, 120), onchange: () => app.redraw() }).start();
  } catch (error) {
    console.error(error);
    app.queue = null;
    ready = true;
    app.trouble = "Ce navigateur ne garde rien sur ce téléphone (navigation privée ?) : une visite y serait perdue. Ouvrez cette page dans une fenêtre ordinaire.";
    return app.redraw();
  }
  if (!location.hash && recall("at")) history.replaceState(null, "", recall("at"));
  await look();
  app.installed = !navigator.serviceWorker || Boolean(navigator.serviceWorker.controller);
  await bringDocuments(false);
  await writeDrafts();
  ready = true;
  await app.redraw();
  const again = () => document.visibilityState === "visible" && app.refresh();
  addEventListener("online", () => app.refresh(true));
  document.addEventListener("visibilitychange", again);
  setInterval(again, EVERY);
  await app.refresh();
  await install();
}

start();
