/* Phones that visit: each writes its script into its own queue and sends it, whatever happens to the network or to this process.
 *
 * argv[2] names a JSON file: the folder of the modules, the address of the service, cookies, and the phones of this process. A
 * phone killed at any moment goes on from what its store holds. Ends by itself once every phone has nothing left to send. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { FileStore } from "./file_store.mjs";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { Queue } = await import(`${plan.modules}/queue.js`);
const wait = { first: 5, longest: 60 };
// A request whose connection was cut may never settle here: this bounds it sooner than the queue does.
const LONGEST_REQUEST = 5000;

/** The same numbers for the same seed, between 0 and 1 (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A JPEG by its first bytes; the rest is noise. */
function picture(draw, size) {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4) bytes.writeUInt32LE((draw() * 2 ** 32) >>> 0, Math.min(at, size - 4));
  Buffer.from([0xff, 0xd8, 0xff, 0xe0]).copy(bytes);
  return bytes;
}

const idOf = (draw) => {
  const hex = Array.from({ length: 32 }, () => Math.floor(draw() * 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** All that one phone writes, in order, always the same. */
function script({ seed, steps, finishes }) {
  const draw = random(seed);
  const room = idOf(draw);
  const all = [
    { kind: "start", payload: { at: "2026-03-12T09:00:00.000Z" } },
    { kind: "room", payload: { room, kind: "kitchen", name: "Cuisine", position: 1, visited: true } },
  ];
  let taken = null;
  for (let step = 0; step < steps; step++) {
    const code = `A${String(1 + Math.floor(draw() * 14)).padStart(2, "0")}`;
    const chance = draw();
    if (chance < 0.25) {
      const content = picture(draw, 200 + Math.floor(draw() ** 2 * 150_000));
      const photo = { photo: idOf(draw), room: null, code, sha256: createHash("sha256").update(content).digest("hex"), taken_at: "2026-03-12T09:10:00.000Z", caption: `étape ${step}` };
      all.push({ kind: "photo", payload: photo, content });
      taken = photo;
    } else if (chance < 0.3 && taken) {
      all.push({ kind: "photo_removed", payload: { photo: taken.photo } });
      taken = null;
    } else if (chance < 0.34) all.push({ kind: "answer", payload: { room: null, code, reply: "refused by the service" } });
    else if (chance < 0.45) all.push({ kind: "measure", payload: { room, measure: "surface", value: (draw() * 30).toFixed(2) } });
    else all.push({ kind: "answer", payload: { room: null, code, reply: draw() < 0.5 ? "conform" : "non_conform", note: `étape ${step} : « é » 😀` } });
  }
  if (finishes) {
    all.push({ kind: "conclusion", payload: { conclusion: "reserves", text: "Vu." } });
    all.push({ kind: "finish", payload: { at: "2026-03-12T10:00:00.000Z" } });
  }
  return all;
}

async function visit(phone) {
  const store = new FileStore(phone.store);
  const speak = (url, options) =>
    fetch(plan.service + url, { ...options, headers: { ...options.headers, Cookie: plan.cookies }, signal: AbortSignal.timeout(LONGEST_REQUEST) });
  const queue = new Queue({ store, fetch: speak, device: phone.device, label: "Essai", wait });
  await store.transact("readwrite", (tx) => tx.put("meta", { name: "csrf", value: plan.csrf }));
  await queue.start();
  const all = script(phone);
  const pace = random(phone.seed + Date.now());
  let step = (await store.transact("readonly", (tx) => tx.get("meta", "step")))?.value ?? 0;
  let sending = Promise.resolve();
  for (; step < all.length; step++) {
    const { kind, payload, content } = all[step];
    // The script and the step reached are saved apart: killed in between, the same thing is written twice, by the phone itself.
    if (content) await queue.addPhoto(phone.visit, payload, new Blob([content]));
    else await queue.write(phone.visit, kind, payload);
    await store.transact("readwrite", (tx) => tx.put("meta", { name: "step", value: step + 1 }));
    if (pace() < 0.3) sending = queue.flush({ now: true });
    await sleep(pace() * 12);
  }
  await sending;
  for (;;) {
    await queue.flush();
    for (const { refused } of await queue.waiting()) for (const each of refused) await queue.dismiss(each.id);
    // Where two phones disagree the visit is closed by whoever settles it: all else has left.
    const left = (await queue.waiting()).filter((each) => each.entries || each.photos.length || each.refused.length || !each.blocked);
    if (!left.length && !queue.state().busy) break;
    await sleep(5);
  }
  store.close();
}

// The timer of a request holds no process open: without this one, a process whose only request hangs would end with it.
const open = setInterval(() => {}, 1000);
await Promise.all(plan.phones.map(visit));
clearInterval(open);
