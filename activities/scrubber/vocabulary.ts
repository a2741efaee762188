/**
 * Words that look like names and are not: breeds, diseases, drugs, eponyms, months, numbered houses. They keep the name
 * recognisers from eating what a purpose needs. Known values, titles ("Dr Marek") and structured identifiers do not ask
 * this list: it makes guesses more careful and never weakens what is known.
 */

function words(text: string): readonly string[] {
  return text.split(/\s*[,\n]\s*/u).filter((word) => word !== '');
}

const BREEDS = words(`
  isa brown, isa white, isa, lohmann brown, lohmann white, lohmann lsl, lohmann, hy-line brown, hy-line, hyline, bovans brown, bovans,
  dekalb white, dekalb, novogen, shaver brown, shaver, shika brown, nera black, black nera, harco, hubbard flex, hubbard,
  arbor acres, ross 308, ross 708, ross, cobb 500, cobb 700, cobb, noiler, kuroiler, sasso, fulani ecotype, rhode island red,
  rhode island white, rhode island, plymouth rock, barred rock, new hampshire red, new hampshire, light sussex, sussex,
  leghorn, white leghorn, brown leghorn, black australorp, australorp, orpington, buff orpington, wyandotte, brahma, cochin,
  cornish cross, cornish, marans, welsummer, ameraucana, araucana, silkie, bantam, naked neck, transylvanian naked neck,
  turken, anak, marshall, amo, chi, zartech, olam, pekin, muscovy, khaki campbell, nicholas, british united turkey, but 6`);

const ANIMAL_DISEASES = words(`
  newcastle disease, newcastle, marek's disease, marek's, marek, mareks, gumboro disease, gumboro, infectious bursal disease,
  coccidiosis, coccidia, eimeria, fowl pox, fowl cholera, fowl typhoid, avian influenza, bird flu, infectious bronchitis,
  infectious coryza, coryza, salmonella, salmonellosis, pullorum, mycoplasma, chronic respiratory disease, colibacillosis,
  e. coli, aspergillosis, bumblefoot, ascites, lasota, la sota, hitchner, hitchner b1, komarov, clone 30, nobilis, vaxxitek, rispens, hvt`);

const DRUGS = words(`
  amoxicillin, ampicillin, oxytetracycline, tetracycline, doxycycline, enrofloxacin, ciprofloxacin, norfloxacin, tylosin,
  tylan, tilmicosin, colistin, gentamicin, neomycin, streptomycin, sulfadimidine, amprolium, amprol, toltrazuril, baycox,
  levamisole, ivermectin, piperazine, albendazole, fenbendazole, keproceryl, vitalyte, multivitamin, ceftriaxone, insulin,
  metformin, lisinopril, amlodipine, atorvastatin, paracetamol, acetaminophen, ibuprofen, aspirin, warfarin, heparin,
  enoxaparin, fentanyl, morphine, propofol, ketamine, lidocaine, vancomycin, prednisone, prednisolone, dexamethasone,
  salbutamol, albuterol, omeprazole, furosemide, digoxin, levothyroxine, gabapentin, sertraline, virkon, izal, jik`);

const EPONYMS = words(`
  parkinson's disease, parkinson disease, parkinson's, alzheimer's disease, alzheimer's, alzheimer, crohn's disease, crohn's, crohn disease,
  down syndrome, down's syndrome, hodgkin lymphoma, hodgkin's lymphoma, hodgkin's, non-hodgkin lymphoma, bell's palsy, graves' disease, graves disease,
  addison's disease, cushing's syndrome, cushing syndrome, cushing's, huntington's disease, huntington's, tourette syndrome,
  marfan syndrome, turner syndrome, klinefelter syndrome, kawasaki disease, raynaud's phenomenon, raynaud's, sjogren's syndrome,
  guillain-barre syndrome, guillain-barre, barrett's esophagus, barrett's, wilson's disease, paget's disease, meniere's disease,
  ewing sarcoma, kaposi sarcoma, wilms tumor, burkitt lymphoma, glasgow coma scale, glasgow, apgar score, apgar, braden scale, braden,
  foley catheter, foley, swan-ganz, hickman line, whipple procedure, whipple, billroth, nissen fundoplication, roux-en-y,
  heimlich, babinski sign, babinski, murphy's sign, mcburney's point, romberg test, pap smear, pap, doppler, holter monitor, holter,
  gram stain, gram-negative, gram-positive, kocher, kelly clamp, bovie, da vinci, fick, starling, achilles, eustachian, fallopian,
  tetralogy of fallot, epstein-barr, lou gehrig's disease, lyme disease, ebola, lassa fever, lassa, zika, joint commission, medicare, medicaid`);

const CALENDAR = words(`
  january, february, march, april, may, june, july, august, september, october, november, december, jan, feb, mar, apr, jun,
  jul, aug, sep, sept, oct, nov, dec, monday, tuesday, wednesday, thursday, friday, saturday, sunday, mon, tue, wed, thu, fri, sat, sun,
  christmas, easter, ramadan, eid, sallah, new year, today, yesterday, tomorrow`);

/** Towns and countries: no names of persons, and places where places are asked for. */
export const TOWNS: ReadonlySet<string> = new Set(
  words(`
  abuja, lagos, ibadan, kano, kaduna, jos, enugu, ilorin, abeokuta, benin, owerri, calabar, nigeria, london, america, england, houston`),
);

/** Words that begin sentences with a capital or follow the cues of a name, and are taken for a name by no guess. */
export const EVERYDAY_WORDS: ReadonlySet<string> = new Set([
  ...CALENDAR,
  ...TOWNS,
  ...words(`
  dr, mr, mrs, ms, miss, mx, prof, professor, sir, madam, madame, mama, baba, oga, iya, uncle, aunty, auntie, aunt, alhaji, alhaja,
  hajia, hajiya, mallam, engr, barr, rev, reverend, pastor, imam, otunba, hon, nurse, matron, sister,
  a, an, the, and, or, of, to, in, on, at, by, for, from, with, i, we, he, she, it, they, you, my, our, his, her, their, this, that, these,
  those, is, was, were, be, been, am, are, has, have, had, do, does, did, will, would, can, could, shall, should, not, no, yes, all, some,
  any, none, both, each, every, other, another, one, two, three, four, five, six, seven, eight, nine, ten, dozen, half, please, ok,
  farm, farmer, owner, hand, manager, worker, attendant, supervisor, house, pond, pen, coop, shed, block, unit, section, store, market,
  road, street, feed, water, egg, eggs, bird, birds, hen, hens, cock, cocks, chick, chicks, layer, layers, broiler, broilers, grower,
  growers, starter, finisher, pullet, pullets, turkey, duck, goat, fish, catfish, tilapia, crate, crates, tray, trays, bag, bags, litter,
  vaccine, vaccinated, vet, medicine, drug, dose, naira, dollar, dollars, cash, transfer, bank, pos, paid, pay, sold, sale, bought, buy,
  spent, cost, price, fed, gave, used, found, lost, died, dead, death, sick, weak, weigh, weighed, checked, cleaned, moved, called, note,
  notes, morning, afternoon, evening, night, noon, day, week, month, year, good, bad, quiet, fine, new, old, big, small, more, less,
  total, number, id, name, date, time, age, male, female, man, woman, boy, girl, patient, client, customer, buyer, seller, supplier,
  provider, physician, surgeon, doctor, nurse, hospital, clinic, ward, room, department, committee, board, senior, reviewer, requester,
  admin, auditor, operator, platform, staff, member, user, person, people, applicant, candidate, referee, reference, education, history,
  care, case, cases, procedure, procedures, surgery, licence, license, registration, certificate, certification, privilege, medical,
  records, record, report, results, result, test, level, stable, discharged, admitted, reviewed, seen, treated, signed, driver, school,
  church, company, limited, ltd, inc, feeds, mill, mills, poultry, agro, ventures, nig, plc, farms, general, internal, emergency,
  nepa, phcn, nafdac, firs, cac, mtn, glo, airtel, dstv, fuel, diesel, petrol, gas, light, rent, wages, salary,`),
]);

/** Words that are names as often as not: a known one counts wherever it has a capital letter. */
const AMBIGUOUS_WORDS = words(`
  bill, mark, rose, grace, hope, faith, joy, mercy, patience, peace, comfort, gift, blessing, favour, prince, king, queen, art, rich,
  frank, grant, chase, drew, sue, pat, penny, dawn, eve, summer, ivy, lily, daisy, olive, violet, ruby, pearl, amber, crystal, victor,
  young, long, short, brown, white, black, green, gray, grey, wood, woods, stone, hill, field, fields, lake, rivers, bush, forest, fox,
  wolf, bear, bull, lamb, love, best, sharp, strong, swift, small, little, moody, noble, page, parks, power, read, reed, cook,
  baker, carter, mason, miller, fisher, hunter, gardener, potter, bishop, pope, judge, major, chief, miles, dean, lane, west, east,
  north, south, sky, star, sun, moon, earth, wing, wings, deep`);

/** Single words that, in lower case, are no sign of the person who is called so. */
export const ORDINARY_WORDS: ReadonlySet<string> = new Set([...EVERYDAY_WORDS, ...AMBIGUOUS_WORDS]);

const PLACE_NUMBERS =
  '(?:house|pond|pen|coop|shed|block|unit|section|ward|room|bay|plot|barn|batch|flock|cage|row|theatre|line|store|tier|level|gate)s?(?:\\s+(?:no\\.?\\s*)?(?:\\d{1,4}[a-z]?|[a-z])(?![\\p{L}\\p{N}]))+';

/** Longest first, so that "Newcastle disease" is tried before "Newcastle". */
const PHRASES = [...BREEDS, ...ANIMAL_DISEASES, ...DRUGS, ...EPONYMS, ...CALENDAR]
  .sort((a, b) => b.length - a.length)
  .map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&').replace(/ /gu, '\\s+'));

/** "Hashimoto's thyroiditis", "Rovsing sign", "Dix-Hallpike test": what is called after somebody is not that person. */
const CALLED_AFTER =
  "\\p{L}+(?:-\\p{L}+)?(?:'s|s')?\\s+(?:disease|syndrome|sign|test|manoeuvre|maneuver|palsy|thyroiditis|lymphoma|sarcoma|tumou?r|score|scale|criteria|classification|phenomenon|hernia|fracture|catheter|drain|line|stain|reflex|contracture|anaemia|anemia|chorea|encephalopathy|procedure|operation|point|forceps|splint|position|ulcer)";

const PROTECTED = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${PLACE_NUMBERS}|${CALLED_AFTER}|${PHRASES.join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);

/** Ranges of the view that a name recogniser must not take for a name when they cover all of what it found. */
export function protectedRanges(view: string): readonly { readonly start: number; readonly end: number }[] {
  return Array.from(view.matchAll(PROTECTED), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * Given names and surnames of the countries that the farm pack serves; the language library knows few of them.
 * Public knowledge, no register of persons.
 */
export const NIGERIAN_NAMES: ReadonlySet<string> = new Set(
  words(`
  abayomi, abdul, abdullahi, abdulrahman, abiodun, abiola, abubakar, adaeze, adamu, adaobi, adebayo, adebola, adedayo, adegoke, adekunle,
  adeleke, ademola, adeniyi, adeola, adesina, adetokunbo, adewale, adeyemi, afolabi, ahmadu, aisha, ajayi, akande, akin, akinola, akinwale,
  akpan, alabi, aliyu, amaka, amadi, aminu, amina, aniekan, anozie, asuquo, awolowo, ayo, ayodele, ayomide, azikiwe, babajide, babatunde, balogun,
  bamidele, bankole, bassey, bello, bolanle, bukola, chiamaka, chibueze, chibuzo, chidera, chidi, chidimma, chidinma, chigozie, chijioke, chika, chike,
  chima, chimamanda, chinaza, chinedu, chinelo, chinenye, chinwe, chinyere, chioma, chisom, chizoba, chuka, chukwu, chukwudi, chukwuebuka, chukwuemeka,
  chukwuma, damilola, danjuma, danladi, dapo, dauda, dayo, ebere, ebuka, edet, effiong, efosa, egwu, ejike, ekene, ekong, emeka, emenike, enitan, eze,
  ezekwesili, ezinne, fatima, femi, fela, folake, folasade, funke, funmi, funmilayo, garba, gbenga, habiba, hadiza, halima, haruna, hauwa, ibe, ibrahim,
  idowu, idris, ifeanyi, ifeoma, ifunanya, igwe, ijeoma, ikechukwu, ikenna, iniobong, isah, ismaila, iyabo, jide, jibril, kabiru, kalu, kamal, kayode,
  kehinde, kelechi, kemi, kola, kolawole, kunle, ladi, lanre, lawal, mamman, mohammed, muhammad, muhammadu, murtala, musa, mustapha, ndidi, ngozi,
  nkechi, nkem, nkiru, nnamdi, nneka, nnenna, nonso, nwachukwu, nwankwo, nwosu, obafemi, obasanjo, obinna, obiageli, obioma, odion, odunayo, ogbonna,
  ogechi, oghenekaro, ogun, ojo, okafor, okechukwu, okeke, okereke, okezie, okoli, okon, okonkwo, okoro, okoye, okpara, olabisi, oladele, oladipo,
  olamide, olanrewaju, olayinka, olufemi, olumide, olusegun, oluwaseun, oluwaseyi, oluwatobi, omolara, omotola, onome, onuoha, onyeka, onyekachi,
  onyinye, opeyemi, oseni, osagie, osaze, osinbajo, oyelaran, oyinkansola, rasaq, rasheed, rotimi, sadiq, salihu, salisu, sanusi, segun, seun, seyi, shehu,
  sikiru, simisola, sola, soludo, suleiman, sulaimon, tafawa, taiwo, temitope, temi, titilayo, tobi, tochi, tolu, tope, tunde, tunji, ubong, uche, uchenna, udo,
  udoh, ugochi, ugochukwu, ugwu, umar, umaru, usman, uwem, uzoma, wale, yakubu, yemi, yetunde, yinka, yusuf, zainab, zubairu`),
);
