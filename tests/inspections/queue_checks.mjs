/* The queue against a service of a few lines, whose every answer is chosen here: what cuts of a network do not show. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FileStore } from "./file_store.mjs";

const { Queue } = await import(`${process.env.PHONE}/queue.js`);
const DEVICE = "11111111-1111-4111-8111-111111111111";
const VISIT = 7;
const wait = { first: 1, longest: 5 };
const json = (status, content) => new Response(JSON.stringify(content), { status, headers: { "Content-Type": "application/json" } });
const page = (status) => new Response("<h1>Bienvenue</h1>", { status, headers: { "Content-Type": "text/html" } });

/** Keeps what it is sent, as the service does; `answers` go first, one a request. */
class Service {
  kept = [];
  photos = new Map();
  asked = [];
  answers = [];
  csrf = "jeton";

  fetch = async (url, { method, headers, body }) => {
    this.asked.push(`${method} ${url.split("?")[0]}`);
    this.headers = headers;
    const answer = this.answers.shift();
    if (answer) return answer instanceof Error ? Promise.reject(answer) : answer;
    if (method === "GET" && url.includes("journee")) return json(200, this.bundle ?? { user: { id: 1, name: "Anne" }, csrf: this.csrf, clock: "", erase: [], visits: [] });
    if (headers["X-CSRFToken"] !== this.csrf && this.strict) return page(403);
    if (url.endsWith("/saisie/")) return this.entries(JSON.parse(body));
    if (url.endsWith("/terminer/")) return json(200, { state: "done", report_url: "/rapport/" });
    return this.chunk(method, url, headers, body);
  };

  entries({ entries, cursor }) {
    for (const entry of entries) {
      if (entry.kind === "answer" && entry.payload.reply === "?") return json(400, { error: "Refusée.", entry: entry.id });
      if (this.kept.some((each) => each.id === entry.id)) continue;
      if (entry.sequence !== this.kept.length + 1) return json(409, { expected: this.kept.length + 1 });
      this.kept.push(entry);
    }
    const numbers = new Map(this.kept.map((each, at) => [each.id, at + 1]));
    return json(200, { accepted: entries.map(({ id }) => ({ id, number: numbers.get(id), conflict: null })), cursor: this.kept.length, entries: [], erase: [] });
  }

  async chunk(method, url, headers, body) {
    const id = url.split("/")[4];
    const announced = this.kept.find((each) => each.kind === "photo" && each.payload.photo === id);
    if (!announced) return json(404, { unknown: true });
    const here = this.photos.get(id) ?? Buffer.alloc(0);
    const grown = method === "PUT" && Number(headers["Upload-Offset"]) === here.length ? Buffer.concat([here, Buffer.from(body)]) : here;
    this.photos.set(id, grown);
    return json(200, { offset: grown.length, whole: grown.length === announced.payload.size });
  }
}

function phone({ path = join(mkdtempSync(join(tmpdir(), "queue-")), "store"), service = new Service(), device = DEVICE } = {}) {
  const store = new FileStore(path);
  return { path, service, store, queue: new Queue({ store, fetch: service.fetch, device, wait }) };
}

const answer = (code, reply = "conform") => ({ room: null, code, reply });
const photo = (id) => ({ photo: id, room: null, code: "A01", sha256: "0".repeat(64), taken_at: new Date().toISOString() });
const PHOTO = "22222222-2222-4222-8222-222222222222";
const bytes = new Blob([Buffer.alloc(150_000, 7)]);

test("what is written is there after the process is gone, and is sent in order", async () => {
  const { path, queue } = phone();
  for (const code of ["A01", "A02", "A03"]) await queue.write(VISIT, "answer", answer(code));
  const again = phone({ path });
  await again.queue.start();
  assert.equal(again.queue.state().pending, 3);
  await again.queue.flush();
  assert.deepEqual(again.service.kept.map((each) => [each.sequence, each.payload.code]), [[1, "A01"], [2, "A02"], [3, "A03"]]);
  assert.equal(again.queue.state().pending, 0);
  assert.ok(again.queue.state().lastSync);
});

test("signed out, it pauses and drops nothing", async () => {
  const { queue, service } = phone();
  await queue.write(VISIT, "answer", answer("A01"));
  service.answers.push(json(401, { signed_out: true }));
  await queue.flush();
  assert.deepEqual([queue.state().signedOut, queue.state().pending], [true, 1]);
  await queue.flush();
  assert.deepEqual([queue.state().signedOut, queue.state().pending], [false, 0]);
});

test("a page instead of data, an error or no answer: it waits, and asks again by itself", async () => {
  for (const bad of [page(200), page(502), json(503, { error: "…", again: true }), new TypeError("network")]) {
    const { queue, service } = phone();
    await queue.write(VISIT, "answer", answer("A01"));
    service.answers.push(bad);
    await queue.flush();
    assert.equal(queue.state().offline, true);
    assert.ok(queue.state().retryAt);
    await new Promise((done) => setTimeout(done, 60));
    assert.deepEqual([queue.state().offline, queue.state().pending], [false, 0]);
  }
});

test("a token of an earlier session is replaced, and nothing is refused", async () => {
  const { queue, service } = phone();
  service.strict = true;
  await queue.write(VISIT, "answer", answer("A01"));
  await queue.flush();
  assert.deepEqual([queue.state().pending, queue.state().refused], [0, 0]);
  assert.deepEqual(service.asked, ["POST /visites/7/saisie/", "GET /visites/telephone/journee/", "POST /visites/7/saisie/"]);
});

test("a revoked phone forgets everything", async () => {
  const { queue, service, store } = phone();
  await queue.write(VISIT, "answer", answer("A01"));
  service.answers.push(json(403, { revoked: true }));
  await queue.flush();
  assert.deepEqual([queue.state().revoked, queue.state().pending], [true, 0]);
  for (const table of ["visits", "entries", "photos", "blobs", "meta"]) {
    assert.deepEqual(await store.transact("readonly", (tx) => tx.all(table)), []);
  }
});

test("somebody else signed in on this phone: it pauses", async () => {
  const { queue, service } = phone();
  await queue.write(VISIT, "answer", answer("A01"));
  service.answers.push(json(403, { other_user: true, error: "…" }));
  await queue.flush();
  assert.deepEqual([queue.state().signedOut, queue.state().pending, queue.state().refused], [true, 1, 0]);
});

test("each person has an identifier of their own on the phone, and what another one wrote waits for them", async () => {
  const { queue, service } = phone({ device: "" });
  await queue.start();
  await queue.bring();
  await queue.write(VISIT, "answer", answer("A01"));
  service.bundle = { user: { id: 2, name: "Luc" }, csrf: "jeton", clock: "", erase: [], visits: [] };
  await queue.bring();
  await queue.flush();
  assert.deepEqual([queue.state().pending, queue.state().others, service.kept.length], [0, 1, 0]);
  service.bundle = null;
  await queue.bring();
  await queue.flush();
  assert.deepEqual([queue.state().others, service.kept.length], [0, 1]);
});

test("an entry that is refused keeps its words, and those behind it go on", async () => {
  const { queue, service } = phone();
  await queue.write(VISIT, "answer", answer("A01"));
  const bad = await queue.write(VISIT, "answer", answer("A02", "?"));
  await queue.write(VISIT, "answer", answer("A03"));
  await queue.flush();
  assert.deepEqual(service.kept.map((each) => each.payload.code), ["A01", "A03"]);
  assert.deepEqual([queue.state().pending, queue.state().refused], [0, 1]);
  const [{ refused }] = await queue.waiting();
  assert.deepEqual(refused.map((each) => [each.id, each.error]), [[bad.id, "Refusée."]]);
  await queue.dismiss(bad.id);
  assert.equal(queue.state().refused, 0);
});

test("a batch that is too long for the service is sent one by one", async () => {
  const { queue, service } = phone();
  for (const code of ["A01", "A02"]) await queue.write(VISIT, "answer", answer(code));
  service.answers.push(json(413, { error: "Trop long." }));
  await queue.flush();
  assert.equal(service.kept.length, 2);
});

test("a service that lost its last entries is given them again", async () => {
  const { queue, service } = phone();
  for (const code of ["A01", "A02", "A03"]) await queue.write(VISIT, "answer", answer(code));
  await queue.flush();
  service.kept.length = 1;
  await queue.write(VISIT, "answer", answer("A04"));
  await queue.flush();
  assert.deepEqual(service.kept.map((each) => each.payload.code), ["A01", "A02", "A03", "A04"]);
});

test("a photo goes on from where the service stands", async () => {
  const { path, queue, service } = phone();
  await queue.addPhoto(VISIT, photo(PHOTO), bytes);
  service.answers.push(undefined, undefined, new TypeError("cut"));
  await queue.flush();
  assert.equal(service.photos.get(PHOTO).length, 64 * 1024);
  const again = phone({ path, service });
  service.asked.length = 0;
  await again.queue.flush();
  assert.equal(service.photos.get(PHOTO).length, 150_000);
  assert.equal(service.asked[0].slice(0, 3), "GET");
  assert.equal(service.asked.length, 3, "where it stands, then the two chunks that are left, small again after a cut");
});

test("a photo that was taken back is not sent, unless the service asks for it", async () => {
  const { queue, service } = phone();
  await queue.addPhoto(VISIT, photo(PHOTO), bytes);
  await queue.write(VISIT, "photo_removed", { photo: PHOTO });
  await queue.write(VISIT, "finish", { at: new Date().toISOString() });
  service.answers.push(undefined, json(409, { missing: [PHOTO] }));
  await queue.flush();
  assert.equal(service.photos.get(PHOTO)?.length, 150_000);
  assert.equal(queue.state().pending, 0);
});

test("a photo whose entry the service forgot is announced again", async () => {
  const { queue, service } = phone();
  await queue.addPhoto(VISIT, photo(PHOTO), bytes);
  service.answers.push(undefined, new TypeError("cut"));
  await queue.flush();
  service.kept.length = 0;
  await queue.flush({ now: true });
  assert.equal(service.photos.get(PHOTO).length, 150_000);
});

test("a visit is forgotten once all of it arrived and it is closed, not before", async () => {
  const { queue, service, store } = phone();
  await queue.addPhoto(VISIT, photo(PHOTO), bytes);
  await queue.write(VISIT, "finish", { at: new Date().toISOString() });
  service.answers.push(undefined, undefined, undefined, json(409, { error: "Pas encore." }));
  await queue.flush();
  assert.deepEqual([queue.state().pending, queue.state().refused], [1, 1]);
  assert.ok(await queue.blob(PHOTO));
  await queue.flush();
  assert.deepEqual([queue.state().pending, queue.state().refused], [0, 0]);
  assert.equal(await queue.blob(PHOTO), null);
  assert.deepEqual(await store.transact("readonly", (tx) => tx.all("entries")), []);
  const [left] = await store.transact("readonly", (tx) => tx.all("visits"));
  assert.deepEqual([left.erased, left.report_url], [true, "/rapport/"]);
});

test("a visit of which something waits outlives the order to forget it", async () => {
  const { queue, service, store } = phone();
  await queue.write(VISIT, "answer", answer("A01"));
  service.bundle = { user: { id: 1, name: "Anne" }, csrf: "jeton", clock: "", erase: [VISIT], visits: [] };
  await queue.bring();
  assert.equal(queue.state().pending, 1);
  await queue.flush();
  await queue.bring();
  assert.deepEqual(await store.transact("readonly", (tx) => tx.all("entries")), []);
});

test("a visit that is nobody's any more does not hold the others back", async () => {
  const { queue, service } = phone();
  await queue.write(3, "answer", answer("A01"));
  await queue.write(VISIT, "answer", answer("A02"));
  service.answers.push(json(404, { error: "Plus de votre ressort." }));
  await queue.flush();
  assert.deepEqual(service.kept.map((each) => each.payload.code), ["A02"]);
  assert.deepEqual([queue.state().pending, queue.state().refused], [1, 1]);
});

test("what no database can keep does not leave the phone", async () => {
  const { queue } = phone();
  const entry = await queue.write(VISIT, "answer", { ...answer("A01"), note: "a\0b \ud83d c \ud83d\ude00" });
  assert.equal(entry.payload.note, "ab \ufffd c \ud83d\ude00");
});

test("two flushes at once are one", async () => {
  const { queue, service } = phone();
  await queue.write(VISIT, "answer", answer("A01"));
  await Promise.all([queue.flush(), queue.flush()]);
  assert.equal(service.asked.length, 1);
});
