// Runs the phone's modules on the cases read from standard input, and writes what they answer: one process for many cases.
import { readFileSync } from "node:fs";
import { verdicts } from "./measuring.js";
import { suggest } from "./suggestion.js";
import { keyOf, surveyOf } from "./survey.js";

const told = (survey) => ({
  values: [...survey.values],
  kinds: [...survey.kinds],
  conflicts: survey.conflicts,
  rooms: survey.rooms,
  defects: survey.defects,
  photos_of: survey.answers.map((answer) => survey.photosOf(answer)),
});
const answers = {
  survey: ({ entries }) => told(surveyOf(entries)),
  key: ({ kind, payload }) => keyOf(kind, payload),
  verdicts: ({ entries, grid, dwelling }) => verdicts(surveyOf(entries), grid, dwelling),
  suggest: ({ entries, grid }) => suggest(surveyOf(entries), grid),
};
const { asked, shared, cases } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map((each) => answers[asked]({ ...shared, ...each }))));
