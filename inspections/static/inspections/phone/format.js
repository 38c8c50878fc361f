/* Dates, hours and numbers as people read them in French. */
const spoken = (options) => new Intl.DateTimeFormat("fr-FR", options);
const WEEKDAY = spoken({ weekday: "long", day: "numeric", month: "long" });
const PLAIN = spoken({ day: "2-digit", month: "2-digit", year: "numeric" });

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const weekday = (at) => capital(WEEKDAY.format(new Date(at)));
export const plain = (at) => PLAIN.format(new Date(at));
export const isSameDay = (one, other) => new Date(one).toDateString() === new Date(other).toDateString();

/** « 9 h 30 », « 11 h ». */
export function hour(at) {
  const moment = new Date(at);
  const minutes = moment.getMinutes();
  return `${moment.getHours()}\u00a0h${minutes ? `\u00a0${String(minutes).padStart(2, "0")}` : ""}`;
}

export const many = (count, one, more) => `${count}\u00a0${count > 1 ? more : one}`;
export const weight = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1000)}\u00a0ko` : `${(bytes / 1e6).toFixed(1).replace(".", ",")}\u00a0Mo`);
/** What a person types, with a comma, as the wire wants it; empty when it is no number. */
export const number = (typed) => (/^\d+([.,]\d+)?$/.test(typed.trim()) ? typed.trim().replace(",", ".") : "");
export const shown = (value) => String(value ?? "").replace(".", ",");
