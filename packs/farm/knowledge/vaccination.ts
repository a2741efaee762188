import { defineKnowledge } from '../../../contract/pack';

const MANUAL = {
  publisher: 'World Organisation for Animal Health (WOAH)',
  address: 'https://www.woah.org/en/what-we-do/standards/codes-and-manuals/terrestrial-manual-online-access/',
};
const NEWCASTLE = {
  publisher: 'World Organisation for Animal Health (WOAH)',
  address: 'https://www.woah.org/en/disease/newcastle-disease/',
};

/** Vaccines of poultry: what they are for, when and how they are given. */
export const vaccination = defineKnowledge([
  {
    name: 'farm.vaccination.newcastle_routes',
    title: 'Terrestrial Manual: Newcastle disease',
    ...MANUAL,
    text: 'Live vaccines against Newcastle disease are given to chickens in drinking water, as a spray or by eye drop. Inactivated ones are injected, bird by bird. Which one, at what age and how often is decided with a veterinarian, by the disease in the area and what the label says.',
  },
  {
    name: 'farm.vaccination.newcastle_limits',
    title: 'Newcastle disease',
    ...NEWCASTLE,
    text: 'A vaccinated flock can still be infected with the virus of Newcastle disease and shed it, although the birds stay well. Vaccination protects from illness and death; it does not replace biosecurity.',
  },
  {
    name: 'farm.vaccination.gumboro_timing',
    title: 'Terrestrial Manual: infectious bursal disease (Gumboro disease)',
    ...MANUAL,
    text: 'Infectious bursal disease, also called Gumboro disease, hits young chickens, mostly at three to six weeks of age, and weakens their defence against other diseases. Antibodies that chicks have from their mothers can make a live vaccine fail, so the day of vaccination is chosen by the level of those antibodies.',
  },
  {
    name: 'farm.vaccination.marek_hatchery',
    title: 'Terrestrial Manual: Marek’s disease',
    ...MANUAL,
    text: 'The vaccine against Marek’s disease is given at the hatchery, into the egg or to the day-old chick, because it has to come before the infection. It protects from tumours and paralysis, but not from being infected and shedding the virus. Ask the hatchery whether the chicks that you buy were vaccinated.',
  },
  {
    name: 'farm.vaccination.fowlpox_take',
    title: 'Terrestrial Manual: fowlpox',
    ...MANUAL,
    text: 'The vaccine against fowlpox is pricked into the web of the wing. About 7 to 10 days later some birds are looked at: a swelling or scab at that place shows that the vaccine took. Without it the vaccination has to be repeated.',
  },
  {
    name: 'farm.vaccination.healthy_birds',
    title: 'Terrestrial Manual',
    ...MANUAL,
    text: 'Vaccinate healthy birds only, follow the label for storage, mixing and route, and use a vaccine before its expiry date. A live vaccine that was warm or stood mixed for too long may no longer protect. Write down the vaccine, its batch number, the day and the flock.',
  },
]);
