/* The phone's disk: one IndexedDB database, written to the disk before a transaction is said to be done. */
import { openDB } from "../../vendor/idb/index.js";
import { TABLES } from "./ledger.js";

const NAME = "visites";
const VERSION = 1;

/** Throws where the browser keeps nothing (private windows of some). */
export async function openStore(name = NAME) {
  const store = new Store(name);
  await store.open();
  return store;
}

class Store {
  #name;
  #db = null;

  constructor(name) {
    this.#name = name;
  }

  async open() {
    this.#db = await openDB(this.#name, VERSION, {
      upgrade(db) {
        for (const table of TABLES) {
          const store = db.createObjectStore(table, { keyPath: table === "meta" ? "name" : "id" });
          if (["entries", "photos", "blobs"].includes(table)) store.createIndex("visit", "visit");
        }
      },
      // Some browsers close a database that slept; it is opened again when asked.
      terminated: () => { this.#db = null; },
      blocking: () => { this.#db?.close(); this.#db = null; },
    });
  }

  /** All that `work` puts is kept, or nothing of it; `work` waits for nothing but this transaction. */
  async transact(mode, work) {
    if (!this.#db) await this.open();
    const tx = this.#db.transaction(TABLES, mode, { durability: "strict" });
    const { done } = tx;
    done.catch(() => {}); // awaited below, where it matters
    try {
      const result = await work({
        get: (table, key) => tx.objectStore(table).get(key),
        put: (table, value) => tx.objectStore(table).put(value),
        clear: (table) => tx.objectStore(table).clear(),
        delete: (table, key) => tx.objectStore(table).delete(key),
        all: (table) => tx.objectStore(table).getAll(),
        of: (table, visit) => tx.objectStore(table).index("visit").getAll(visit),
      });
      await done;
      return result;
    } catch (error) {
      try {
        tx.abort();
      } catch {
        // It is aborted already.
      }
      throw error;
    }
  }
}
