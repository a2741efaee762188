import { defineEval } from '../../../contract/pack';
import { field, givenText, verdict } from './context';

/** Other ways of writing a unit; a unit that is not listed must occur by its own name. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  bag: ['bg', 'bgs', 'bags'],
  kg: ['kgs', 'kilo', 'kilos', 'kilogram', 'kilograms'],
  g: ['gm', 'gms', 'gram', 'grams', 'gr'],
  litre: ['l', 'lt', 'lts', 'ltr', 'ltrs', 'liter', 'liters', 'litres'],
  ml: ['mls', 'millilitre', 'millilitres', 'milliliter', 'milliliters'],
  crate: ['crt', 'crts', 'crates', 'craets', 'crat', 'crats'],
  dozen: ['dozens', 'doz', 'dzn'],
  tonne: ['tonnes', 'ton', 'tons'],
  carton: ['ctn', 'ctns', 'cartons'],
  bottle: ['btl', 'btls', 'bottles'],
};

/** The unit is written in the note in one of its forms. `piece` says that things were counted, so it needs no word. */
export const unitsOccur = defineEval({
  name: 'farm.units_occur',
  version: 1,
  judges: 'reading',
  evaluate: (context) => {
    const unit = field(context, 'unit')?.toLowerCase();
    if (unit === undefined || unit === 'piece') return verdict(true, 'block', '');
    const words =
      givenText(context)
        .toLowerCase()
        .match(/\p{L}+/gu) ?? [];
    const known = Object.hasOwn(WRITTEN_AS, unit) ? (WRITTEN_AS[unit] ?? []) : [];
    const forms = new Set([unit, `${unit}s`, `${unit}es`, ...known]);
    return verdict(
      words.some((word) => forms.has(word)),
      'block',
      'The unit of the proposal does not occur in the input.',
    );
  },
});
