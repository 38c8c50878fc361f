/* The queue of a phone: what is written is on its disk at once, and reaches the service once and in order, whatever is cut.
 *
 * No page is needed: it runs in browsers and under Node. Whoever holds it calls `flush()` at the start, when the network comes
 * back and from time to time; after a failure it waits longer and longer, unless `flush({ now: true })`. Nothing is dropped:
 * signed out, it pauses; what the service refuses is kept with the service's words; a phone that is revoked forgets everything. */
import * as ledger from "./ledger.js";

// A chunk is what a cut may cost: it grows while the network holds, and starts small again after a cut.
const CHUNK = { first: 64 * 1024, longest: 512 * 1024 };
const PATIENCE = 60_000;
const WAIT = { first: 1000, longest: 60_000 };
const TRIES = 4;
const BASE = "/visites/";

/** Why a flush stops before its end. */
class Stopped extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Bytes of a photo; null when the browser has lost them. */
async function read(blob, offset, length) {
  try {
    return await blob.slice(offset, offset + length).arrayBuffer();
  } catch {
    return null;
  }
}

export class Queue {
  #store;
  #fetch;
  #given;
  #label;
  #onchange;
  #flushing = null;
  #failures = 0;
  #chunk = CHUNK.first;
  #retry = 0;
  #timer = null;
  #counts = { pending: 0, refused: 0, others: 0 };
  #now = { busy: false, signedOut: false, offline: false, revoked: false, done: 0, total: 0, lastSync: null, error: "" };

  constructor({ store, fetch, device = "", label = "", onchange = () => {}, wait = WAIT }) {
    this.#store = store;
    this.#fetch = fetch;
    this.#given = device;
    this.#label = label;
    this.#onchange = onchange;
    this.wait = wait;
  }

  /** What is on the phone already is counted; to be called once before the first screen. */
  async start() {
    await this.#change((tx) => ledger.identify(tx, this.#given));
    this.#now.lastSync = (await this.#read((tx) => tx.get("meta", "last sync")))?.value ?? null;
    await this.#count();
    return this;
  }

  state() {
    return { ...this.#counts, ...this.#now, retryAt: this.#retry };
  }

  // -- Writing and reading

  /** Returns the entry once it is on the disk. */
  write(visit, kind, payload) {
    return this.#append(visit, kind, payload);
  }

  /** A photo and its entry, together or not at all; the payload has its sha256. */
  addPhoto(visit, payload, blob) {
    return this.#append(visit, "photo", { ...payload, size: blob.size }, blob);
  }

  async #append(visit, kind, payload, blob = null) {
    const at = new Date().toISOString();
    const said = ledger.clean(payload);
    const entry = await this.#change(async (tx) => {
      const { device } = await ledger.identify(tx, this.#given);
      return ledger.append(tx, { visit: Number(visit), device, kind, payload: said, at, blob });
    });
    this.#counts.pending += blob ? 2 : 1;
    this.#onchange();
    return entry;
  }

  /** The visits that the person brought along, with who they are; those of somebody else on the same phone are not shown. */
  day() {
    return this.#read(async (tx) => {
      const user = (await tx.get("meta", "user"))?.value ?? null;
      const visits = (await tx.all("visits")).filter((visit) => visit.user === user?.id);
      return { user, visits: visits.sort((one, other) => (one.starts_at ?? "").localeCompare(other.starts_at ?? "")) };
    });
  }

  /** Every entry of a visit, as `surveyOf` reads them; what the service refused is no part of it. */
  entries(visit) {
    return this.#read(async (tx) => (await tx.of("entries", Number(visit))).filter((each) => each.state !== "refused"));
  }

  /** The bytes of a photo that this phone holds, or null. */
  async blob(photo) {
    return (await this.#read((tx) => tx.get("blobs", photo)))?.blob ?? null;
  }

  /** By visit: how many entries and photos wait, what was refused and why, and whether the visit waits to be closed. */
  waiting() {
    return this.#read(async (tx) => {
      const all = [];
      for (const visit of await ledger.visitsHeld(tx)) {
        const { entries, photos, refused, finish, blocked } = await ledger.left(tx, visit);
        all.push({ visit, entries: entries.length, photos: photos.map((each) => each.id), refused, finish, blocked });
      }
      return all.filter((each) => each.entries || each.photos.length || each.refused.length || each.finish || each.blocked);
    });
  }

  /** The person has read why something was refused, and gives it up. */
  async dismiss(id) {
    await this.#change((tx) => ledger.dismiss(tx, id));
    await this.#count();
  }

  // -- Exchanges with the service

  /** Bring the visits of the coming days along; false without network or signed out: what is held stays. */
  async bring() {
    try {
      await this.#bring();
      return true;
    } catch (stop) {
      await this.#note(stop);
      return false;
    } finally {
      await this.#count();
    }
  }

  /** Send all that waits; one flush at a time, also across tabs. */
  flush({ now = false } = {}) {
    if (this.#flushing) return this.#flushing;
    if (!now && Date.now() < this.#retry) return Promise.resolve();
    this.#flushing = this.#alone(() => this.#flush()).finally(() => { this.#flushing = null; });
    return this.#flushing;
  }

  #alone(work) {
    const locks = globalThis.navigator?.locks;
    return locks ? locks.request("visits", { ifAvailable: true }, (lock) => (lock ? work() : this.#count())) : work();
  }

  async #flush() {
    await this.#count();
    Object.assign(this.#now, { busy: true, error: "", done: 0, total: this.#counts.pending });
    this.#onchange();
    try {
      for (const visit of await this.#read(ledger.visitsHeld)) await this.#sendVisit(visit);
      this.#failures = this.#retry = 0;
      Object.assign(this.#now, { signedOut: false, offline: false });
      await this.#count();
      if (this.#now.total && !this.#counts.pending) await this.#remember("last sync", (this.#now.lastSync = new Date().toISOString()));
    } catch (stop) {
      await this.#note(stop);
    } finally {
      this.#now.busy = false;
      await this.#count();
    }
  }

  async #sendVisit(visit) {
    try {
      for (let round = 0; round < TRIES; round++) {
        await this.#sendEntries(visit);
        if (!(await this.#sendPhotos(visit))) continue;
        if (!(await this.#finish(visit))) continue;
        await this.#change(async (tx) => (await tx.get("visits", visit))?.blocked && ledger.setVisit(tx, visit, { blocked: "" }));
        return;
      }
    } catch (stop) {
      // This visit is not theirs any more, or cannot be closed yet: the others go on, and it is tried again next time.
      if (stop.reason !== "blocked") throw stop;
      await this.#change((tx) => ledger.setVisit(tx, visit, { blocked: stop.message }));
    }
  }

  async #sendEntries(visit) {
    let limit = ledger.BATCH;
    let realigned = 0;
    for (;;) {
      const { device, entries, cursor } = await this.#read(async (tx) => {
        const { device } = await ledger.identity(tx, this.#given);
        return { device, ...(await ledger.batch(tx, visit, device, limit)) };
      });
      if (!entries.length) return;
      const sent = entries.map(({ id, sequence, base, kind, at, payload }) => ({ id, sequence, base, kind, at, payload }));
      const body = JSON.stringify({ device, label: this.#label, sent_at: new Date().toISOString(), cursor, entries: sent });
      const { status, content } = await this.#ask("POST", `${visit}/saisie/`, body, { "Content-Type": "application/json" });
      if (status === 200) {
        await this.#change((tx) => ledger.accept(tx, visit, device, content));
        this.#advance(entries.length);
      } else if (status === 409 && content.expected && ++realigned < TRIES) {
        await this.#change((tx) => ledger.realign(tx, visit, device, content.expected));
      } else if (status === 400 || status === 413) {
        const guilty = entries.find((each) => each.id === content.entry) ?? (entries.length === 1 ? entries[0] : null);
        if (guilty) await this.#change((tx) => ledger.refuse(tx, guilty.id, content.error));
        else limit = 1;
      } else throw this.#blocked(content);
    }
  }

  /** False when an entry must be sent again first. */
  async #sendPhotos(visit) {
    const photos = await this.#read(async (tx) => ledger.photosToSend(tx, visit, (await ledger.identity(tx, this.#given)).device));
    for (const photo of photos) {
      if (!(await this.#sendPhoto(photo, await this.blob(photo.id)))) return false;
      this.#advance(1);
    }
    return true;
  }

  async #sendPhoto(photo, blob) {
    const url = `${photo.visit}/photos/${photo.id}/`;
    // Of a photo begun before, the service says what it has; of another it has nothing.
    let { status, content } = photo.begun ? await this.#ask("GET", url) : { status: 200, content: { offset: 0, whole: false } };
    if (!photo.begun) await this.#change((tx) => ledger.setPhoto(tx, photo.id, { begun: true }));
    let stalled = 0;
    while (stalled < TRIES) {
      if (status === 404 && content.unknown) {
        await this.#change((tx) => ledger.announceAgain(tx, photo));
        return false;
      }
      if (status === 400) break;
      if (status !== 200 && status !== 422) throw this.#blocked(content);
      if (content.whole) {
        await this.#change((tx) => ledger.setPhoto(tx, photo.id, { state: "whole", asked: false }));
        return true;
      }
      const { offset } = content;
      const bytes = await read(blob, offset, this.#chunk);
      if (!bytes) break;
      ({ status, content } = await this.#ask("PUT", url, bytes, { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) }));
      if (content.offset > offset) this.#chunk = Math.min(2 * this.#chunk, CHUNK.longest);
      else stalled += 1;
    }
    const error = content.error ?? "Cette photo n’arrive pas au service en entier. Ôtez-la, puis reprenez-la.";
    await this.#change((tx) => ledger.setPhoto(tx, photo.id, { state: "refused", error }));
    return true;
  }

  /** Close a visit whose end was written, once nothing of it waits here; false when the service asks for photos held here. */
  async #finish(visit) {
    const { entries, photos, refused, finish, record } = await this.#read((tx) => ledger.left(tx, visit));
    if (entries.length || photos.length || refused.length) return true;
    if (!finish) return true;
    const { status, content } = await this.#ask("POST", `${visit}/terminer/`, "");
    if (status === 409 && content.missing) {
      // Those held here are sent; for those of another phone, it is tried again next time.
      return !(await this.#change((tx) => ledger.ask(tx, content.missing)));
    }
    if (status !== 200) throw this.#blocked(content);
    const done = { state: content.state, report_url: content.report_url, warnings: content.warnings ?? [], finished: Date.now(), blocked: "" };
    await this.#change(async (tx) => {
      await ledger.setVisit(tx, visit, { ...record, ...done });
      // Something was written while the service answered: it goes first.
      const { entries: late, photos: more } = await ledger.left(tx, visit);
      if (!late.length && !more.length) await ledger.erase(tx, visit, { tombstone: true });
    });
    this.#advance(1);
    return true;
  }

  async #bring() {
    const { device, held } = await this.#read(async (tx) => ({ ...(await ledger.identity(tx, this.#given)), held: await ledger.visitsHeld(tx) }));
    const asked = new URLSearchParams({ device, label: this.#label, visits: held.join(",") });
    const { status, content } = await this.#ask("GET", `telephone/journee/?${asked}`);
    if (status !== 200) throw this.#blocked(content);
    await this.#change(async (tx) => {
      await ledger.greet(tx, content);
      const now = await ledger.identify(tx, this.#given);
      await ledger.settle(tx, content, now.device, Date.now());
    });
    Object.assign(this.#now, { signedOut: false, offline: false, revoked: false, clock: content.clock });
  }

  #blocked(content) {
    const stop = new Stopped("blocked");
    stop.message = content.error ?? "Le service ne prend pas cette visite. Montrez cet écran à l’instructeur.";
    return stop;
  }

  // -- One request

  async #ask(method, path, body, headers = {}, isAgain = false) {
    const { device, csrf } = await this.#read(async (tx) => ({
      ...(await ledger.identity(tx, this.#given)),
      csrf: (await tx.get("meta", "csrf"))?.value ?? "",
    }));
    let answer;
    let content = null;
    try {
      const options = { method, headers: { Accept: "application/json", "X-Device": device, "X-CSRFToken": csrf, ...headers }, signal: AbortSignal.timeout(PATIENCE) };
      answer = await this.#fetch(`${BASE}${path}`, body === undefined ? options : { ...options, body });
      if ((answer.headers.get("Content-Type") ?? "").includes("json")) content = await answer.json();
    } catch {
      throw new Stopped("offline");
    }
    const { status } = answer;
    if (status === 401 && content?.signed_out) throw new Stopped("signed out");
    if (status === 403 && content?.revoked) throw new Stopped("revoked");
    if (status === 403 && content?.other_user) throw new Stopped("other user");
    if (status === 403 && !content && method !== "GET" && !isAgain) {
      // The token is that of an earlier session: a new one comes with the bundle.
      await this.#bring();
      return this.#ask(method, path, body, headers, true);
    }
    // A page instead of data: a proxy, a hotel's welcome page, a service that is being repaired.
    if (!content || status >= 500 || status === 408 || status === 429) throw new Stopped("offline");
    return { status, content };
  }

  async #note(stop) {
    if (!(stop instanceof Stopped)) {
      this.#later();
      this.#now.error = "Ce téléphone n’arrive pas à lire ce qu’il garde. Rechargez la page.";
      throw stop;
    }
    if (stop.reason === "blocked") this.#now.error = stop.message;
    if (stop.reason === "signed out" || stop.reason === "other user") this.#now.signedOut = true;
    if (stop.reason === "offline") {
      this.#now.offline = true;
      this.#chunk = CHUNK.first;
      this.#later();
    }
    if (stop.reason === "revoked") {
      await this.#change(ledger.eraseAll);
      Object.assign(this.#now, { revoked: true, lastSync: null });
    }
  }

  /** Longer and longer, and never all phones at once. */
  #later() {
    const delay = Math.min(this.wait.longest, this.wait.first * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
    this.#retry = Date.now() + delay;
    clearTimeout(this.#timer);
    // What goes wrong then is in `state()`.
    this.#timer = setTimeout(() => this.flush({ now: true }).catch(() => {}), delay);
    this.#timer.unref?.();
  }

  #advance(done) {
    this.#now.done += done;
    this.#onchange();
  }

  async #count() {
    const counts = { pending: 0, refused: 0, others: 0 };
    await this.#read(async (tx) => {
      const { device } = await ledger.identity(tx, this.#given);
      for (const visit of await ledger.visitsHeld(tx)) {
        const { entries, photos, refused, finish, blocked } = await ledger.left(tx, visit);
        const own = [...entries, ...photos].filter((each) => each.device === device).length;
        counts.pending += own + (finish ? 1 : 0);
        counts.others += entries.length + photos.length - own;
        counts.refused += refused.length + (blocked ? 1 : 0);
      }
    });
    this.#counts = counts;
    this.#onchange();
  }

  #remember(name, value) {
    return this.#change((tx) => tx.put("meta", { name, value }));
  }

  #read(work) {
    return this.#store.transact("readonly", work);
  }

  #change(work) {
    return this.#store.transact("readwrite", work);
  }
}
