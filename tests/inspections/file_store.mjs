/* A store with the interface of `store.js`, for Node: one line a transaction, appended and flushed to the disk. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";

const TABLES = ["visits", "entries", "photos", "blobs", "meta"];
const keyOf = (table, value) => (table === "meta" ? value.name : value.id);

export class FileStore {
  #file;
  #tables = Object.fromEntries(TABLES.map((table) => [table, new Map()]));
  #turn = Promise.resolve();

  constructor(path) {
    if (existsSync(path)) this.#replay(path);
    this.#file = openSync(path, "a");
  }

  /** A process killed while it wrote leaves half a line: that transaction never was. */
  #replay(path) {
    const text = readFileSync(path, "utf8");
    const end = text.lastIndexOf("\n") + 1;
    if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
    for (const line of text.slice(0, end).split("\n")) if (line) this.#apply(JSON.parse(line));
  }

  #apply(changes) {
    for (const [table, key, value] of changes) {
      if (key === null) this.#tables[table].clear();
      else if (value === null) this.#tables[table].delete(key);
      else this.#tables[table].set(key, value);
    }
  }

  /** Transactions follow each other; one that throws leaves nothing. */
  transact(mode, work) {
    const result = this.#turn.then(() => this.#run(mode, work));
    this.#turn = result.catch(() => {});
    return result;
  }

  async #run(mode, work) {
    const changes = [];
    const before = Object.fromEntries(TABLES.map((table) => [table, this.#tables[table]]));
    const change = (table, key, value) => {
      if (mode !== "readwrite") throw new Error("This transaction only reads.");
      if (this.#tables[table] === before[table]) this.#tables[table] = new Map(before[table]);
      const kept = value === null ? null : structuredClone(value);
      changes.push([table, key, kept]);
      this.#apply([[table, key, kept]]);
    };
    const given = async (table, value) => {
      const copy = structuredClone(value);
      return table === "blobs" && copy ? { ...copy, blob: new Blob([Buffer.from(copy.blob, "base64")]) } : copy;
    };
    try {
      const result = await work({
        get: async (table, key) => given(table, this.#tables[table].get(key)),
        put: async (table, value) => {
          const plain = value.blob ? { ...value, blob: Buffer.from(await value.blob.arrayBuffer()).toString("base64") } : value;
          change(table, keyOf(table, plain), plain);
        },
        clear: async (table) => change(table, null, null),
        delete: async (table, key) => change(table, key, null),
        all: async (table) => Promise.all([...this.#tables[table].values()].map((each) => given(table, each))),
        of: async (table, visit) => Promise.all([...this.#tables[table].values()].filter((each) => each.visit === visit).map((each) => given(table, each))),
      });
      if (changes.length) {
        writeSync(this.#file, `${JSON.stringify(changes)}\n`);
        fsyncSync(this.#file);
      }
      return result;
    } catch (error) {
      this.#tables = { ...before };
      throw error;
    }
  }

  close() {
    closeSync(this.#file);
  }
}
