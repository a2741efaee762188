/** Typing errors in the words that the rules turn on. Words that mean something else are never corrected. */

const SHORT_FORMS: Readonly<Record<string, string>> = {
  sld: 'sold',
  solld: 'sold',
  bght: 'bought',
  bot: 'bought',
  egs: 'eggs',
  eg: 'egg',
  egg: 'egg',
  frm: 'from',
  hse: 'house',
  hs: 'house',
  ded: 'dead',
  deads: 'dead',
  dided: 'died',
  diead: 'died',
  dieds: 'died',
  recvd: 'received',
  pd: 'paid',
  piad: 'paid',
  payed: 'paid',
  avg: 'average',
  ave: 'average',
  wt: 'weight',
  wgt: 'weight',
  tmrw: 'tomorrow',
  tmr: 'tomorrow',
  tomorow: 'tomorrow',
  ystd: 'yesterday',
  yday: 'yesterday',
  yest: 'yesterday',
  moring: 'morning',
  diarrhea: 'diarrhoea',
  mort: 'mortality',
};

const CORRECTED = [
  'bought',
  'broiler',
  'broilers',
  'chicken',
  'chickens',
  'cockerel',
  'cockerels',
  'crates',
  'crate',
  'layers',
  'litres',
  'mortality',
  'naira',
  'pullets',
  'purchased',
  'starter',
  'finisher',
  'catfish',
  'yesterday',
  'tomorrow',
  'thousand',
  'hundred',
  'million',
] as const;

const REAL_WORDS: ReadonlySet<string> = new Set([
  'brought',
  'fought',
  'thought',
  'sought',
  'lawyers',
  'players',
  'buyers',
  'prayers',
  'layer',
  'late',
  'rate',
  'rates',
  'create',
  'creates',
  'grate',
  'grates',
  'crane',
  'cranes',
  'craft',
  'crafts',
  'liters',
  'liter',
  'litre',
  'bullets',
  'pellets',
  'pullet',
  'started',
  'start',
  'starters',
  'finished',
  'finishers',
  'finishes',
  'billion',
  'thousands',
  'hundreds',
  'millions',
  'boiler',
  'boilers',
  'morality',
  'hair',
  'nail',
  'quarter',
  'chick',
]);

/** One inserted, dropped or changed letter, or two letters swapped. */
function isOneSlip(typed: string, meant: string): boolean {
  if (Math.abs(typed.length - meant.length) > 1) return false;
  let same = 0;
  while (same < typed.length && typed[same] === meant[same]) same += 1;
  const typedRest = typed.slice(same);
  const meantRest = meant.slice(same);
  const swapped = (typedRest[1] ?? '') + (typedRest[0] ?? '') + typedRest.slice(2);
  return [
    typedRest.slice(1) === meantRest.slice(1),
    typedRest === meantRest.slice(1),
    typedRest.slice(1) === meantRest,
    swapped === meantRest,
  ].includes(true);
}

/** The word that was meant, in lower case; the word itself when that is not certain. */
export function respelled(lower: string): string {
  const short = Object.hasOwn(SHORT_FORMS, lower) ? SHORT_FORMS[lower] : undefined;
  if (short !== undefined) return short;
  if (lower.length < 5 || REAL_WORDS.has(lower)) return lower;
  const candidates = CORRECTED.filter(
    (meant) => meant !== lower && meant[0] === lower[0] && isOneSlip(lower, meant),
  );
  const known = CORRECTED.some((meant) => meant === lower);
  return !known && candidates.length === 1 ? (candidates[0] ?? lower) : lower;
}
