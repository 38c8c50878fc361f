/* What the phone has written and what became of it: each function is one step within one transaction of a store.
 *
 * Tables: `visits` (brought along), `entries` (pending, kept by the service, or refused), `photos` (waiting, whole or refused),
 * `blobs` (their bytes) and `meta`. An entry and its rank are saved together or not at all. */

export const TABLES = ["visits", "entries", "photos", "blobs", "meta"];
export const BATCH = 50;
const BATCH_BYTES = 200_000;
const DAY = 24 * 3600 * 1000;

/** A random identifier, also where the page is read over plain http. */
export function uuid() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return Array.from(bytes, (byte, at) => ([4, 6, 8, 10].includes(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}

/** The same content as plain JSON, without what no database can keep: NUL, half an emoji. */
export function clean(payload) {
  const isHalf = (letter) => letter.length === 1 && letter >= "\ud800" && letter <= "\udfff";
  const whole = (text) => Array.from(text, (letter) => (isHalf(letter) ? "\ufffd" : letter)).join("").replaceAll("\0", "");
  return JSON.parse(JSON.stringify(payload, (_, value) => (typeof value === "string" ? whole(value) : value)));
}

const bySequence = (one, other) => one.sequence - other.sequence;
const countName = (visit, device) => `count ${visit} ${device}`;

async function countOf(tx, visit, device) {
  return (await tx.get("meta", countName(visit, device))) ?? { name: countName(visit, device), sequence: 0, cursor: 0 };
}

/** Whose phone this is, as far as it knows: the person of the last bundle, and the identifier they have on it. */
export async function identity(tx, given) {
  const user = (await tx.get("meta", "user"))?.value ?? null;
  const known = given || (await tx.get("meta", `device ${user?.id ?? ""}`))?.value;
  return { user, device: known ?? "" };
}

/** The same, and an identifier for whoever has none yet: the one that the phone had before it knew of anybody, or a new one. */
export async function identify(tx, given) {
  const known = await identity(tx, given);
  if (known.device) return known;
  const device = (await tx.get("meta", "device "))?.value ?? uuid();
  await tx.delete("meta", "device ");
  await tx.put("meta", { name: `device ${known.user?.id ?? ""}`, value: device });
  return { ...known, device };
}

export async function append(tx, { visit, device, kind, payload, at, blob = null }) {
  const count = await countOf(tx, visit, device);
  count.sequence += 1;
  const entry = { id: uuid(), visit, device, sequence: count.sequence, base: count.cursor, kind, at, payload, state: "pending" };
  await tx.put("meta", count);
  await tx.put("entries", entry);
  if (blob) {
    await tx.put("photos", { id: payload.photo, visit, device, entry: entry.id, size: blob.size, state: "waiting" });
    await tx.put("blobs", { id: payload.photo, visit, blob });
  }
  return entry;
}

/** Own entries that wait, in the order in which they were written: as many as one request may carry. */
export async function batch(tx, visit, device, limit) {
  const waiting = (await tx.of("entries", visit)).filter((each) => each.device === device && each.state === "pending");
  const taken = [];
  let bytes = 0;
  for (const entry of waiting.sort(bySequence)) {
    bytes += JSON.stringify(entry.payload).length + 250;
    if (taken.length && (taken.length >= limit || bytes > BATCH_BYTES)) break;
    taken.push(entry);
  }
  return { entries: taken, cursor: (await countOf(tx, visit, device)).cursor };
}

/** What the service kept, and what other phones wrote meanwhile. */
export async function accept(tx, visit, device, { accepted, entries, cursor }) {
  for (const { id, number, conflict } of accepted) {
    const entry = await tx.get("entries", id);
    if (entry) await tx.put("entries", { ...entry, state: "kept", number, conflict: conflict ?? null });
  }
  await learn(tx, visit, entries);
  const count = await countOf(tx, visit, device);
  await tx.put("meta", { ...count, cursor: Math.max(count.cursor, cursor) });
}

async function learn(tx, visit, entries) {
  for (const entry of entries) await tx.put("entries", { ...entry, visit, state: "kept" });
}

/** An entry that the service refuses for ever leaves the row; those behind it close up, none of them can have been kept. */
export async function refuse(tx, id, error) {
  const refused = await tx.get("entries", id);
  if (refused?.state !== "pending") return;
  for (const each of await tx.of("entries", refused.visit)) {
    if (each.device === refused.device && each.state === "pending" && each.sequence > refused.sequence) {
      await tx.put("entries", { ...each, sequence: each.sequence - 1 });
    }
  }
  const count = await countOf(tx, refused.visit, refused.device);
  await tx.put("meta", { ...count, sequence: count.sequence - 1 });
  await tx.put("entries", { ...refused, state: "refused", sequence: null, error });
  const photo = refused.kind === "photo" ? await tx.get("photos", refused.payload.photo) : null;
  if (photo?.entry === id) await tx.put("photos", { ...photo, state: "refused", error });
}

/** The service waits for another rank: it lost some of what it kept (they are sent again), or this phone forgot what it sent. */
export async function realign(tx, visit, device, expected) {
  const own = (await tx.of("entries", visit)).filter((each) => each.device === device && each.state !== "refused").sort(bySequence);
  const lost = own.filter((each) => each.state === "kept" && each.sequence >= expected);
  for (const each of lost) await tx.put("entries", { ...each, state: "pending", number: undefined });
  if (lost.length) return;
  let sequence = expected - 1;
  for (const each of own.filter((entry) => entry.state === "pending")) await tx.put("entries", { ...each, sequence: ++sequence });
  await tx.put("meta", { ...(await countOf(tx, visit, device)), sequence });
}

/** Photos to send: announced, not taken back since, or asked for by the service. */
export async function photosToSend(tx, visit, device) {
  const entries = await tx.of("entries", visit);
  const kept = new Set(entries.filter((each) => each.state === "kept").map((each) => each.id));
  const removed = new Set(entries.filter((each) => each.kind === "photo_removed" && each.state !== "refused").map((each) => each.payload.photo));
  const waiting = (await tx.of("photos", visit)).filter((photo) => photo.device === device && photo.state === "waiting");
  return waiting.filter((photo) => kept.has(photo.entry) && (photo.asked || !removed.has(photo.id)));
}

export async function setPhoto(tx, id, changes) {
  const photo = await tx.get("photos", id);
  if (photo) await tx.put("photos", { ...photo, ...changes });
}

/** Its entry is not known to the service any more: it is sent again first. */
export async function announceAgain(tx, photo) {
  const entry = await tx.get("entries", photo.entry);
  if (entry?.state === "kept") await tx.put("entries", { ...entry, state: "pending", number: undefined });
}

/** Photos that the service asks for: those held here are sent, whatever was thought of them; the others come from elsewhere. */
export async function ask(tx, ids) {
  let held = 0;
  for (const id of ids) {
    const photo = await tx.get("photos", id);
    if (!photo || photo.state === "refused") continue;
    await tx.put("photos", { ...photo, state: "waiting", asked: true });
    held += 1;
  }
  return held;
}

export async function setVisit(tx, id, changes) {
  await tx.put("visits", { ...((await tx.get("visits", id)) ?? { id }), ...changes });
}

/** What remains to be done for one visit on this phone, by anybody. */
export async function left(tx, visit) {
  const entries = await tx.of("entries", visit);
  const removed = new Set(entries.filter((each) => each.kind === "photo_removed").map((each) => each.payload.photo));
  const photos = (await tx.of("photos", visit)).filter((photo) => photo.state === "waiting" && (photo.asked || !removed.has(photo.id)));
  const record = await tx.get("visits", visit);
  return {
    visit,
    entries: entries.filter((each) => each.state === "pending"),
    photos,
    refused: await refusals(tx, visit, entries),
    finish: entries.some((each) => each.kind === "finish" && each.state !== "refused") && !record?.finished,
    blocked: record?.blocked ?? "",
    record,
  };
}

/** Entries that the service refused, and photos whose entry it kept but whose bytes it refused. */
async function refusals(tx, visit, entries) {
  const refused = entries.filter((each) => each.state === "refused");
  const alone = (await tx.of("photos", visit)).filter((photo) => photo.state === "refused" && !refused.some((each) => each.id === photo.entry));
  return [...refused, ...alone.map((photo) => ({ ...photo, kind: "photo" }))];
}

/** The person has read why, and gives it up: a refused entry, or a refused photo whose entry is taken back by another. */
export async function dismiss(tx, id) {
  for (const table of ["entries", "photos"]) {
    const found = await tx.get(table, id);
    if (found?.state !== "refused") continue;
    await tx.delete(table, id);
    const photo = table === "entries" ? found.kind === "photo" && found.payload.photo : id;
    if (photo && (await tx.get("photos", photo))?.state !== "whole") {
      await tx.delete("photos", photo);
      await tx.delete("blobs", photo);
    }
  }
}

export async function visitsHeld(tx) {
  const found = new Set((await tx.all("visits")).map((each) => each.id));
  for (const each of await tx.all("entries")) found.add(each.visit);
  return [...found].sort((one, other) => one - other);
}

/** Forget all of a visit; of one that was finished its number and the way to its report remain for a day. */
export async function erase(tx, visit, { tombstone = false } = {}) {
  const record = await tx.get("visits", visit);
  for (const table of ["entries", "photos", "blobs"]) {
    for (const each of await tx.of(table, visit)) await tx.delete(table, each.id);
  }
  for (const each of await tx.all("meta")) if (each.name.startsWith(`count ${visit} `)) await tx.delete("meta", each.name);
  await tx.delete("visits", visit);
  if (tombstone && record) {
    const { number, user, state, report_url, finished, warnings = [] } = record;
    await tx.put("visits", { id: visit, number, user, state, report_url, finished, warnings, erased: true });
  }
}

export async function eraseAll(tx) {
  for (const table of TABLES) await tx.clear(table);
}

/** Who is signed in, and the token that their requests carry. */
export async function greet(tx, { user, csrf }) {
  await tx.put("meta", { name: "user", value: user });
  await tx.put("meta", { name: "csrf", value: csrf });
}

/** The bundle of the day: visits and what the service knows of them; what must be forgotten goes, unless something of it still waits. */
export async function settle(tx, bundle, device, now) {
  for (const { entries, cursor, uploaded, ...visit } of bundle.visits) {
    await setVisit(tx, visit.id, { ...visit, user: bundle.user.id, blocked: "" });
    await learn(tx, visit.id, entries);
    const count = await countOf(tx, visit.id, device);
    const sequence = Math.max(count.sequence, ...entries.filter((each) => each.device === device).map((each) => each.sequence));
    await tx.put("meta", { ...count, sequence, cursor: Math.max(count.cursor, cursor) });
    for (const id of uploaded) if (await tx.get("photos", id)) await setPhoto(tx, id, { state: "whole", asked: false });
  }
  for (const visit of bundle.erase) {
    const { entries, photos, refused, record } = await left(tx, visit);
    const isRecent = record?.erased && now - record.finished < DAY;
    if (!entries.length && !photos.length && !refused.length && !isRecent) await erase(tx, visit);
  }
}
