// What the measures of a visit say of the items they answer: the same results as `inspections/measuring.py`.
// Figures are whole numbers of millionths (BigInt), so that 9.00 and 2.20 are exactly what the rule says.

const SCALE = 6;
const exact = (written) => {
  const [whole, rest = ""] = written.split(".");
  return BigInt(whole + rest.padEnd(SCALE, "0"));
};
const [MAIN_SURFACE, OTHER_SURFACE, HEIGHT] = [exact("9"), exact("7"), exact("2.2")];
const VOLUME = exact("20");
const MAIN_ROOMS = ["living", "bedroom"];
const INHABITED = [...MAIN_ROOMS, "kitchen", "bathroom", "toilet"];
const ROOM_RULE = "9\u00a0m² et 2,20\u00a0m de haut, ou 20\u00a0m³";
const [CONFORM, NON_CONFORM, NOT_APPLICABLE] = ["conform", "non_conform", "not_applicable"];

// A measure as it was written; null for what is not one, or is nought.
function number(written) {
  if (typeof written !== "string" || !/^[0-9]{1,6}(\.[0-9]{1,6})?$/.test(written)) return null;
  return exact(written) || null;
}

// « 9 », « 2,20 », « 19,6881 »: every figure that counts, at least two after the comma if any.
function french(value, scale = SCALE) {
  const digits = value.toString().padStart(scale + 1, "0");
  const rest = digits.slice(-scale).replace(/0+$/, "");
  return digits.slice(0, -scale) + (rest ? `,${rest.padEnd(2, "0")}` : "");
}

const square = (value) => `${french(value)}\u00a0m²`;
const high = (value) => `${french(value)}\u00a0m de haut`;
const listed = (rooms) => rooms.map((room) => room.name).join(", ");
const figures = (rooms) => rooms.map((room) => room.figures).join("\u202f; ");
const atLeast = (value, least) => (value === null ? null : value >= least);
const isMain = (room) => MAIN_ROOMS.includes(room.kind);

class Room {
  constructor(room, measured) {
    const found = (measure) => measured.get(`${room.room} ${measure}`) ?? null;
    [this.id, this.name, this.kind] = [room.room, room.name || "Pièce sans nom", room.kind ?? ""];
    [this.surface, this.height, this.measuredVolume] = [found("surface"), found("height"), found("volume")];
  }

  // As measured, else surface by height; in millionths of millionths, as a product is.
  get volume() {
    if (this.measuredVolume !== null) return this.measuredVolume * 10n ** BigInt(SCALE);
    return this.surface === null || this.height === null ? null : this.surface * this.height;
  }

  // Null as long as a missing measure could change it.
  get isLargeEnough() {
    const surface = atLeast(this.surface, MAIN_SURFACE);
    const height = atLeast(this.height, HEIGHT);
    const volume = atLeast(this.volume, VOLUME * 10n ** BigInt(SCALE));
    if (volume || (surface && height)) return true;
    return volume === false && (surface === false || height === false) ? false : null;
  }

  get figures() {
    const parts = [
      this.surface !== null && square(this.surface),
      this.height !== null && high(this.height),
      this.volume !== null && `${french(this.volume, 2 * SCALE)}\u00a0m³`,
    ];
    return `${this.name}, ${parts.filter(Boolean).join(", ")}`;
  }
}

function notAllEntered(main, dwelling) {
  if (!main.length) return "Aucune pièce principale n’est saisie.";
  const declared = dwelling.rooms ?? null;
  return declared !== null && main.length < declared ? `Pièces principales saisies\u00a0: ${main.length} sur ${declared} déclarées.` : "";
}

const measureThem = (rooms) => `Mesurez la surface et la hauteur, ou le volume\u00a0: ${listed(rooms)}.`;
const measureSurface = (rooms) => `Mesurez la surface\u00a0: ${listed(rooms)}.`;

function mainRoom(rooms, dwelling) {
  const rule = `${ROOM_RULE}, dans une pièce principale au moins`;
  const main = rooms.filter(isMain);
  const enough = main.find((room) => room.isLargeEnough);
  if (enough) return [CONFORM, `${enough.figures}.`, rule];
  const missing = notAllEntered(main, dwelling);
  if (missing) return [null, missing, rule];
  const unknown = main.filter((room) => room.isLargeEnough === null);
  if (unknown.length) return [null, measureThem(unknown), rule];
  return [NON_CONFORM, `Aucune pièce n’y répond\u00a0: ${figures(main)}.`, rule];
}

function sharedRooms(rooms, dwelling) {
  const rule = `${ROOM_RULE}, dans chaque chambre`;
  if (!dwelling.shared) return [NOT_APPLICABLE, "La demande ne porte pas sur une colocation.", rule];
  const own = rooms.filter((room) => room.kind === "bedroom");
  if (!own.length) return [null, "Aucune chambre n’est saisie.", rule];
  const small = own.filter((room) => room.isLargeEnough === false);
  if (small.length) return [NON_CONFORM, `Trop petites\u00a0: ${figures(small)}.`, rule];
  const unknown = own.filter((room) => room.isLargeEnough === null);
  if (unknown.length) return [null, measureThem(unknown), rule];
  return [CONFORM, `${figures(own)}.`, rule];
}

function declaredSurface(rooms, dwelling) {
  const rule = "5\u00a0% d’écart au plus avec la surface déclarée";
  const declared = number(dwelling.surface ?? null);
  if (declared === null) return [null, "La demande ne dit pas la surface.", rule];
  let whole = rooms.find((room) => room.kind === "dwelling" && room.surface !== null)?.surface ?? null;
  if (whole === null) {
    const inhabited = rooms.filter((room) => INHABITED.includes(room.kind));
    const missing = notAllEntered(inhabited.filter(isMain), dwelling);
    if (missing) return [null, missing, rule];
    const unknown = inhabited.filter((room) => room.surface === null);
    if (unknown.length) return [null, measureSurface(unknown), rule];
    whole = inhabited.reduce((sum, room) => sum + room.surface, 0n);
  }
  const gap = whole > declared ? whole - declared : declared - whole;
  const allowed = declared * 5n; // hundredths of a unit: two more figures
  const facts =
    `${square(declared)} déclarés, ${square(whole)} mesurés\u00a0: ` +
    `${square(gap)} d’écart, pour ${french(allowed, SCALE + 2)}\u00a0m² admis.`;
  return [gap * 100n <= allowed ? CONFORM : NON_CONFORM, facts, rule];
}

// The main room is the largest of those that are large enough, else the largest; the first of equals.
function largest(main) {
  const isBefore = (one, other) =>
    (one.isLargeEnough === true) === (other.isLargeEnough === true)
      ? one.surface > other.surface
      : one.isLargeEnough === true;
  return main.reduce((best, room) => (isBefore(room, best) ? room : best));
}

function otherRoom(room, rooms) {
  const rule = "7\u00a0m², dans chaque autre pièce principale";
  const main = rooms.filter(isMain);
  if (main.length === 1 && main[0] === room) return [NOT_APPLICABLE, `${room.name} est la seule pièce principale.`, rule];
  if (room.surface === null) return [null, measureSurface([room]), rule];
  if (room.surface >= OTHER_SURFACE) return [CONFORM, `${room.name}, ${square(room.surface)}.`, rule];
  const known = main.filter((each) => each.surface !== null);
  if (known.length && largest(known) === room) {
    const unknown = main.filter((each) => each.surface === null);
    if (unknown.length) return [null, measureSurface(unknown), rule];
    return [NOT_APPLICABLE, `${room.name} compte pour la pièce principale, jugée à part.`, rule];
  }
  return [NON_CONFORM, `${room.name}, ${square(room.surface)}.`, rule];
}

function ceiling(room) {
  const rule = "2,20\u00a0m de haut";
  if (room.height === null) return [null, `Mesurez la hauteur\u00a0: ${room.name}.`, rule];
  return [room.height >= HEIGHT ? CONFORM : NON_CONFORM, `${room.name}, ${high(room.height)}.`, rule];
}

const OF_DWELLING = { main_room: mainRoom, shared_rooms: sharedRooms, declared_surface: declaredSurface };
const OF_ROOM = { other_room: otherRoom, ceiling };

// `dwelling` is `{surface: "52.40" or null, rooms: 3 or null, shared: bool}`; a verdict is `{code, room, reply, sentence}`, where
// `room` is null for the whole dwelling and `reply` null while the measures are too few.
export function verdicts(survey, grid, dwelling) {
  const measured = new Map(survey.measures.map((each) => [`${each.room} ${each.measure}`, number(each.value)]));
  const rooms = survey.rooms.map((room) => new Room(room, measured));
  const found = [];
  for (const item of grid.sections.flatMap((section) => section.items)) {
    const basis = item.basis ? ` (${item.basis})` : "";
    const say = (room, [reply, facts, rule]) =>
      found.push({ code: item.code, room, reply, sentence: `${facts} Règle\u00a0: ${rule}${basis}.` });
    if (OF_DWELLING[item.measured]) say(null, OF_DWELLING[item.measured](rooms, dwelling));
    else if (OF_ROOM[item.measured]) {
      for (const room of rooms) if (item.rooms.includes(room.kind)) say(room.id, OF_ROOM[item.measured](room, rooms));
    }
  }
  return found;
}
