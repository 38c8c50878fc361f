/* The spaces of French: « », : ; ? and ! are never parted from their word. What people type is left as they typed it. */
import { html as written } from "../../vendor/lit-html/lit-html.js";

const known = new WeakMap();
const BEFORE = /(^|[\p{L}\p{N})»’%²³…]) (?=»|[:;?!](?:[\s<]|$))/gu;

/** A sentence of ours with its no-break spaces; a template has them already. */
export const typeset = (words) => (typeof words === "string" ? words.replace(BEFORE, "$1\u00a0").replaceAll("« ", "«\u00a0") : words);

/** The `html` of lit, whose own words are typeset once a template. */
export function html(strings, ...values) {
  let set = known.get(strings);
  if (!set) {
    set = strings.map(typeset);
    set.raw = set;
    known.set(strings, set);
  }
  return written(set, ...values);
}
