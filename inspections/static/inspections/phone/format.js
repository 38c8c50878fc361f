/* Dates, hours and numbers as people read them in French. */
let timeZone;

/** Hours and days are those of the authority's clocks, wherever the phone believes it is. */
export function keepTimeOf(zone) {
  timeZone = zone;
}

const said = (options, at) => new Intl.DateTimeFormat("fr-FR", { ...options, timeZone }).format(at);
// A day without an hour is that day everywhere.
const moment = (at) => new Date(typeof at === "string" && at.length === 10 ? `${at}T12:00` : at);

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const weekday = (at) => capital(said({ weekday: "long", day: "numeric", month: "long" }, moment(at)));
export const plain = (at) => said({ day: "2-digit", month: "2-digit", year: "numeric" }, moment(at));
export const isSameDay = (one, other) => plain(one) === plain(other);

/** « 9 h 30 », « 11 h ». */
export function hour(at) {
  const [hours, minutes] = said({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, moment(at)).split(":").map(Number);
  return `${hours}\u00a0h${minutes ? `\u00a0${String(minutes).padStart(2, "0")}` : ""}`;
}

export const many = (count, one, more) => `${count}\u00a0${count > 1 ? more : one}`;
export const weight = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1000)}\u00a0ko` : `${(bytes / 1e6).toFixed(1).replace(".", ",")}\u00a0Mo`);
/** What a person types, with a comma, as the wire wants it; empty when it is no number. */
export const number = (typed) => (/^\d+([.,]\d+)?$/.test(typed.trim()) ? typed.trim().replace(",", ".") : "");
export const shown = (value) => String(value ?? "").replace(".", ",");
