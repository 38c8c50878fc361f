// What a visit holds, read from its entries: the same results as `inspections/survey.py`, whose docstring is the contract.

export function keyOf(kind, payload) {
  const named = (field) => {
    if (payload[field] === undefined) throw new Error(`« ${field} » manque à une saisie de nature « ${kind} ».`);
    return payload[field];
  };
  switch (kind) {
    case "room":
      return `room:${named("room")}`;
    case "answer":
      return `answer:${payload.room || "-"}:${named("code")}`;
    case "measure":
      return `measure:${named("room")}:${named("measure")}`;
    case "photo":
    case "photo_removed":
      return `photo:${named("photo")}`;
  }
  return kind;
}

// The state of a visit: payloads by key, in the order in which each key first appeared.
export class Survey {
  values = new Map();
  kinds = new Map();
  conflicts = [];

  ofKind(kind) {
    return [...this.values].filter(([key]) => this.kinds.get(key) === kind).map(([, value]) => value);
  }

  // What is said of one key; empty when nothing is.
  get(key) {
    return this.values.get(key) ?? {};
  }

  get rooms() {
    return this.ofKind("room").sort((one, other) => (one.position ?? 0) - (other.position ?? 0));
  }

  get answers() {
    return this.ofKind("answer");
  }

  get measures() {
    return this.ofKind("measure");
  }

  get photos() {
    return this.ofKind("photo");
  }

  get defects() {
    return this.answers.filter((answer) => answer.reply === "non_conform");
  }

  photosOf(answer) {
    const same = (photo, name) => (photo[name] ?? null) === (answer[name] ?? null);
    return this.photos.filter((photo) => same(photo, "room") && same(photo, "code"));
  }
}

// The state of a visit, from its entries in any order; those that the server has not numbered yet come last, as they were written.
export function surveyOf(entries) {
  const survey = new Survey();
  const openConflicts = new Map();
  const rank = (entry) => entry.number ?? Infinity;
  const before = (one, other) => (rank(one) === rank(other) ? (one.sequence ?? 0) - (other.sequence ?? 0) : rank(one) - rank(other));
  for (const entry of [...entries].sort(before)) {
    const key = entry.key ?? keyOf(entry.kind, entry.payload);
    if (entry.conflict != null) {
      openConflicts.set(key, [...(openConflicts.get(key) ?? []), entry]);
      continue;
    }
    // It knows all that came before it on this key, or it would be a conflict.
    openConflicts.delete(key);
    if (entry.kind === "photo_removed") {
      survey.values.delete(key);
      survey.kinds.delete(key);
      continue;
    }
    survey.values.set(key, entry.payload);
    survey.kinds.set(key, entry.kind);
  }
  for (const [key, others] of openConflicts) {
    for (const other of others) survey.conflicts.push({ key, standing: survey.get(key), other: other.payload });
  }
  return survey;
}
