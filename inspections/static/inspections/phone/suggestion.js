// What the findings of a visit lead to, with the reasons: the same results as `inspections/suggestion.py`.

const LISTED = 8;

function reason(head, names) {
  if (!names.length) return [];
  const more = names.length > LISTED + 1 ? [`et ${names.length - LISTED} autres`] : names.slice(LISTED);
  return [`${head}\u00a0: ${[...names.slice(0, LISTED), ...more].join("\u202f; ")}.`];
}

function conclude(defects, unverified, unanswered, total) {
  const named = (severity) => defects.filter((each) => each.severity === severity).map((each) => each.name);
  const blocking = defects.filter((each) => each.severity === "B");
  const dangers = named("D");
  const lasting = blocking.filter((each) => !each.isQuick).map((each) => each.name);
  const quick = blocking.filter((each) => each.isQuick).map((each) => each.name);
  const reserves = named("R");
  const reasons = [
    ...(defects.length ? [] : ["Aucun défaut n’a été constaté."]),
    ...reason("Danger pour les occupants", dangers),
    ...reason("Bloquant, et long à corriger", lasting),
    ...reason("Bloquant, mais vite corrigé\u00a0: travaux avant la mise en location", quick),
    ...reason("Réserves\u00a0: travaux dans un délai, location permise", reserves),
    ...reason("Conseils, sans effet sur l’autorisation", named("O")),
    ...reason("Non vérifiables sur place, à vérifier autrement", unverified),
  ];
  if (unanswered) {
    const [points, verb] = unanswered === 1 ? ["point", "est"] : ["points", "sont"];
    reasons.push(`${unanswered} ${points} sur ${total} ${verb} sans réponse.`);
  }
  const danger = dangers.length > 0;
  if (danger || lasting.length) return { conclusion: "unfavourable", outcome: "refused", mode: null, reasons, danger };
  if (quick.length) return { conclusion: "reserves", outcome: "conditional", mode: "prior", reasons, danger };
  if (reserves.length) return { conclusion: "reserves", outcome: "conditional", mode: "deferred", reasons, danger };
  return { conclusion: "favourable", outcome: "granted", mode: null, reasons, danger };
}

// `{conclusion, outcome, mode, reasons, danger}`; the first three are null as long as nothing was looked at.
export function suggest(survey, grid) {
  const items = new Map(grid.sections.flatMap((section) => section.items).map((item) => [item.code, item]));
  const order = new Map([...items.keys()].map((code, place) => [code, place]));
  const rooms = new Map(survey.rooms.map((room) => [room.room, room.name || ""]));
  const place = (answer) => order.get(answer.code) ?? order.size;
  const answers = survey.answers.sort((one, other) => place(one) - place(other));
  if (!answers.some((each) => each.reply === "conform" || each.reply === "non_conform")) {
    const reasons = ["Aucun point n’a encore été vérifié\u00a0: rien ne peut être proposé."];
    return { conclusion: null, outcome: null, mode: null, reasons, danger: false };
  }
  const defects = [];
  const unverified = [];
  for (const answer of answers) {
    const item = items.get(answer.code);
    const room = rooms.get(answer.room || "") || "";
    const name = (item ? `${answer.code} ${item.title}` : answer.code) + (room ? ` (${room})` : "");
    if (answer.reply === "non_conform") {
      const severity = answer.severity || item?.severity || "R";
      defects.push({ severity, isQuick: Boolean(answer.quick ?? item?.quick), name });
    } else if (answer.reply === "not_verifiable") unverified.push(name);
  }
  const answered = new Set(answers.filter((each) => each.reply).map((each) => each.code));
  const unanswered = [...items.keys()].filter((code) => !answered.has(code)).length;
  return conclude(defects, unverified, unanswered, items.size);
}
