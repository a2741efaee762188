import { defineKnowledge } from '../../../contract/pack';

const FLOCK = {
  title: 'Defend the Flock',
  publisher: 'United States Department of Agriculture, Animal and Plant Health Inspection Service (APHIS)',
  address: 'https://www.aphis.usda.gov/livestock-poultry-disease/avian/defend-the-flock',
};
const INFLUENZA = {
  title: 'Avian influenza',
  publisher: 'World Organisation for Animal Health (WOAH)',
  address: 'https://www.woah.org/en/disease/avian-influenza/',
};
const PEOPLE = {
  title: 'Backyard poultry',
  publisher: 'United States Centers for Disease Control and Prevention (CDC)',
  address: 'https://www.cdc.gov/healthy-pets/about/backyard-poultry.html',
};

/** How disease is kept out of a flock, and away from the people who look after it. */
export const biosecurity = defineKnowledge([
  {
    name: 'farm.biosecurity.visitors',
    ...FLOCK,
    text: 'Keep visitors to a minimum: let only those people near the birds who look after them, and keep a list of everyone who enters and when.',
  },
  {
    name: 'farm.biosecurity.hands_and_clothes',
    ...FLOCK,
    text: 'Wash your hands before and after contact with live poultry. Wear clean clothes and boots that stay at the poultry house, or disposable boot covers, and clean and disinfect boots and tools before they go from one house to another.',
  },
  {
    name: 'farm.biosecurity.equipment',
    ...FLOCK,
    text: 'Do not lend or borrow equipment, crates and egg trays between farms. What has to be shared, and vehicles that come onto the farm, is cleaned of dirt first and then disinfected: disinfectant does not work through manure.',
  },
  {
    name: 'farm.biosecurity.wild_birds',
    ...INFLUENZA,
    text: 'Wild water birds carry avian influenza viruses, often without being ill. Keep poultry, feed and drinking water away from wild birds and their droppings, and do not give poultry untreated water from ponds that they visit.',
  },
  {
    name: 'farm.biosecurity.sudden_deaths',
    ...INFLUENZA,
    text: 'Highly pathogenic avian influenza can kill many birds within days, sometimes without any sign before. Sudden deaths, a sharp fall in egg production or in feed and water intake are reported at once to a veterinarian or the veterinary authority; until they have come, no birds, eggs, manure or equipment leave the farm.',
  },
  {
    name: 'farm.biosecurity.newcastle_signs',
    title: 'Newcastle disease',
    publisher: 'World Organisation for Animal Health (WOAH)',
    address: 'https://www.woah.org/en/disease/newcastle-disease/',
    text: 'Newcastle disease is very contagious and has to be reported to the veterinary authority. Gasping and coughing, greenish diarrhoea, twisted necks or paralysis, a drop in egg production and many deaths are signs that it may be there. It spreads by droppings and secretions of ill birds, and on equipment, feed, clothes and people.',
  },
  {
    name: 'farm.biosecurity.salmonella',
    ...PEOPLE,
    text: 'Poultry can carry Salmonella although it looks healthy and clean. Wash hands with soap and water right after touching birds, eggs or anything where they live, do not eat or drink there, keep shoes for the poultry house outside of the home, and do not let children under five years handle chicks.',
  },
  {
    name: 'farm.biosecurity.new_birds',
    ...FLOCK,
    text: 'Buy birds from sources that are known to be healthy, and keep new or returning birds apart from the flock for at least 30 days. Look after the flock first and the birds in quarantine last.',
  },
]);
