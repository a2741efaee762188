import { defineKnowledge } from '../../../contract/pack';

const REGULATION = {
  title: 'Regulation (EU) 2019/6 on veterinary medicinal products',
  publisher: 'European Union',
  address: 'https://eur-lex.europa.eu/eli/reg/2019/6/oj',
};
const EXTRALABEL = {
  title: '21 CFR part 530: extralabel drug use in animals',
  publisher: 'United States Food and Drug Administration (FDA)',
  address: 'https://www.ecfr.gov/current/title-21/chapter-I/subchapter-E/part-530',
};

/** How long eggs and meat are kept back after a medicine, and what may not be given at all. */
export const withdrawal = defineKnowledge([
  {
    name: 'farm.withdrawal.meaning',
    ...REGULATION,
    text: 'The withdrawal period is the shortest time between the last dose of a medicine and the taking of meat, eggs or milk from the animal for food, so that no harmful residues are in them. It stands on the label, for each food by itself: the period for meat says nothing of eggs.',
  },
  {
    name: 'farm.withdrawal.keep_back',
    ...REGULATION,
    text: 'Eggs laid, and birds slaughtered, before the withdrawal period of a medicine has ended are not sold, given away or eaten. Write down the day of the last dose and the first day on which eggs and meat may be used again.',
  },
  {
    name: 'farm.withdrawal.records',
    ...REGULATION,
    text: 'In the European Union whoever keeps food-producing animals records each medicine that is given: the day, the product, the amount, the animals and the withdrawal period, even where it is zero. The records are kept for at least five years.',
  },
  {
    name: 'farm.withdrawal.no_routine_antibiotics',
    ...REGULATION,
    text: 'Antibiotics are not given routinely, and not to make up for poor hygiene, poor husbandry or lack of care. They need a veterinarian’s prescription in the European Union.',
  },
  {
    name: 'farm.withdrawal.extralabel',
    ...EXTRALABEL,
    text: 'In the United States a medicine may be used otherwise than its label says only on the order of a veterinarian who knows the flock, and the veterinarian then sets a substantially extended withdrawal period for eggs and meat.',
  },
  {
    name: 'farm.withdrawal.prohibited',
    ...EXTRALABEL,
    text: 'In the United States some drugs are prohibited from extralabel use in all food-producing animals, chickens and turkeys among them: chloramphenicol, clenbuterol, nitroimidazoles, furazolidone and nitrofurazone, fluoroquinolones and glycopeptides are among them.',
  },
]);
