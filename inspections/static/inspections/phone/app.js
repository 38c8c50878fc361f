/* What every screen reads and writes: the visits brought along, their entries, and the queue. The truth is on the phone's disk. */
import { keyOf, surveyOf } from "./survey.js";

export const app = { queue: null, bundle: null, held: new Map(), photos: new Map(), waiting: [], done: [], photosWaiting: new Set(), missing: new Set(), installed: false, written: 0, trouble: "", warnings: new Map(), redraw() {}, soon() {} };
const surveys = new Map();

export const visitOf = (id) => app.bundle?.visits.find((visit) => String(visit.id) === String(id));
export const go = (address) => { location.hash = address; };
export const keep = (name, value) => { try { localStorage.setItem(`phone:${name}`, JSON.stringify(value)); } catch { /* private mode: only comfort is lost */ } };
export function recall(name) {
  try { return JSON.parse(localStorage.getItem(`phone:${name}`)); } catch { return null; }
}

/** What the phone knows of a visit: the entries of the server, those of others, and its own that still wait. */
export function survey(visit) {
  if (!surveys.has(visit.id)) surveys.set(visit.id, surveyOf(app.held.get(visit.id) ?? []));
  return surveys.get(visit.id);
}

export function hold(visitId, entries) {
  app.held.set(visitId, entries.map((entry) => ({ conflict: entry.conflicts_with ?? null, ...entry })));
  surveys.delete(visitId);
}

/** Written on the phone's disk before the screen shows it. */
export const write = (visit, kind, payload) => writeAll(visit, [[kind, payload]]);

export const writeAll = (visit, said) => kept(async () => {
  for (const [kind, payload] of said) await add(visit, kind, payload, () => app.queue.write(visit.id, kind, payload));
});

/** Known to what is touched next before the disk has answered, so that nothing is said without it; forgotten if the disk refuses. */
export async function add(visit, kind, payload, writing) {
  const entry = { kind, payload, sequence: 1e9 + app.written++ };
  const others = () => (app.held.get(visit.id) ?? []).filter((each) => each.sequence !== entry.sequence);
  hold(visit.id, [...others(), entry]);
  typing(visit, kind, payload);
  try {
    const written = await writing();
    forget(nameOf(visit, kind, payload), payload);
    hold(visit.id, [...others().filter((each) => each.id !== written.id), written]);
  } catch (error) {
    hold(visit.id, others());
    throw error;
  } finally {
    app.written++;
  }
}

export async function kept(writing) {
  try {
    await writing();
    app.trouble = "";
    app.soon();
  } catch (error) {
    app.trouble = error?.name === "QuotaExceededError"
      ? "Ce téléphone n’a plus de place : la dernière saisie n’est pas gardée. Libérez de la place, ou envoyez ce qui attend, puis recommencez."
      : "La dernière saisie n’a pas pu être gardée sur ce téléphone. Recommencez ; si cela se répète, notez-la sur la grille imprimée.";
    console.error(error);
  }
  app.redraw();
}

const nameOf = (visit, kind, payload) => `${visit.id} ${keyOf(kind, payload)}`;
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What is typed or touched survives a tab killed at that very moment: kept at once, until the disk has it. */
export const typing = (visit, kind, payload) => keep("drafts", { ...recall("drafts"), [nameOf(visit, kind, payload)]: { visit: visit.id, kind, payload } });


function forget(name, payload) {
  const drafts = recall("drafts") ?? {};
  if (!isSame(drafts[name]?.payload, payload)) return;
  delete drafts[name];
  keep("drafts", drafts);
}

/** Writes what the disk had not received when the tab died; a photo without its bytes was not taken. */
export async function writeDrafts() {
  for (const [name, { visit, kind, payload }] of Object.entries(recall("drafts") ?? {})) {
    const held = visitOf(visit);
    if (held && (kind !== "photo" || survey(held).get(keyOf(kind, payload)).photo) && !isSame(survey(held).get(keyOf(kind, payload)), payload)) await write(held, kind, payload);
    forget(name, payload);
  }
}

/** The sections of the visit's grid, flat. */
export const itemsOf = (visit) => visit.grid.sections.flatMap((section) => section.items);
export const itemOf = (visit, code) => itemsOf(visit).find((item) => item.code === code);
export const itemsIn = (visit, room) => itemsOf(visit).filter((item) => item.rooms.includes(room.kind));
export const answerIn = (visit, room, item) => survey(visit).get(`answer:${room.room}:${item.code}`);
export const outcomeOf = (visit) => survey(visit).get("outcome").outcome;
export const isStarted = (visit) => Boolean(survey(visit).get("start").at);
export const isFinished = (visit) => Boolean(survey(visit).get("finish").at);

export function progress(visit, room) {
  const items = itemsIn(visit, room);
  return { done: items.filter((item) => answerIn(visit, room, item).reply).length, all: items.length };
}
