/** Words of farms in English, Nigerian English among it. Sets of lower-case words; data, no rules. */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Canonical unit by the ways of writing it. */
export const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bag: 'bag bags bg bgs sack sacks',
    kg: 'kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes',
    g: 'g gm gms gram grams gramme grammes gr',
    tonne: 'tonne tonnes ton tons',
    litre: 'l lt lts ltr ltrs litre litres liter liters',
    ml: 'ml mls millilitre millilitres milliliter milliliters',
    crate: 'crate crates crt crts crat crats',
    dozen: 'dozen dozens doz dzn',
    tray: 'tray trays',
    carton: 'carton cartons ctn ctns',
    bottle: 'bottle bottles btl btls',
    sachet: 'sachet sachets',
    pack: 'pack packs packet packets',
    bucket: 'bucket buckets',
    basin: 'basin basins',
    basket: 'basket baskets',
    drum: 'drum drums',
    gallon: 'gallon gallons',
    keg: 'keg kegs',
    jerrycan: 'jerrycan jerrycans',
    tin: 'tin tins',
    roll: 'roll rolls',
    bundle: 'bundle bundles',
    bunch: 'bunch bunches',
    wheelbarrow: 'wheelbarrow wheelbarrows',
    truck: 'truck trucks truckload truckloads',
    trip: 'trip trips',
    load: 'load loads',
    mudu: 'mudu mudus',
    congo: 'congo congos',
    derica: 'derica dericas',
    vial: 'vial vials',
    dose: 'dose doses',
    bale: 'bale bales',
    tank: 'tanks tankful tankfuls',
    piece: 'piece pieces pc pcs nos',
  }).flatMap(([unit, forms]) => forms.split(' ').map((form): [string, string] => [form, unit])),
);

export const MASS_UNITS = words('kg g tonne');
export const VOLUME_UNITS = words('litre ml gallon drum bucket keg jerrycan tank truck');
export const FEED_UNITS = words(
  'bag kg g tonne bucket basin tin wheelbarrow bale mudu congo derica pack bundle basket',
);

/** Animals that a farm keeps, as they are named. */
export const ANIMALS = words(`
  bird birds broiler broilers layer layers chick chicks chicken chickens cockerel cockerels cock cocks hen hens pullet
  pullets noiler noilers fowl fowls rooster roosters breeder breeders duck ducks duckling ducklings turkey turkeys poult
  poults quail quails goose geese pigeon pigeons guinea goat goats kid kids sheep ram rams ewe ewes lamb lambs cow cows
  bull bulls calf calves heifer heifers cattle pig pigs piglet piglets sow sows boar boars rabbit rabbits bunny bunnies
  fish fishes catfish tilapia fingerling fingerlings juvenile juveniles fry snail snails grasscutter grasscutters
  grower growers weaner weaners`);

/** Young stock that farms buy in. */
export const BOUGHT_STOCK = words(
  'chick chicks fingerling fingerlings juvenile juveniles poult poults doc docs day-old day-olds weaner weaners piglet piglets',
);

/** What a farm makes and never buys, and the units that only eggs come in. */
export const OWN_PRODUCE = words('egg eggs manure droppings milk honey');
export const LAID_UNITS = words('crate tray');

/** Goods that a farm sells, beside its animals. */
export const PRODUCE = words(
  'egg eggs manure droppings milk honey maize cassava yam yams tomato tomatoes pepper plantain vegetables ugu feathers',
);

export const FEED_WORDS = words(`
  feed feeds mash starter starters finisher finishers concentrate concentrates pellet pellets silage hay bran crumbs crumble
  grower growers offal cake soya soybean forage fodder grass supplement creep pkc wheat maize corn chaff`);

/** What a farm pays for. Alone beside a sum they say that it was an expense. */
export const COST_WORDS = words(`
  diesel fuel petrol gas kerosene transport transportation logistics vaccine vaccines vaccination drug drugs medicine medicines
  medication antibiotic antibiotics vitamin vitamins multivitamin dewormer disinfectant salary salaries wage wages labour labor
  repair repairs repairing bill bills rent levy electricity nepa phcn data airtime recharge sawdust shavings litter
  equipment drinker drinkers feeder feeders bulb bulbs battery cable syringe syringes charcoal debeaking security
  servicing maintenance welding loading offloading waybill concentrate premix toxin-binder charges charge fee fees tax taxes toll fine`);

export const SOLD = words('sold sell sells selling sale sales');
export const BOUGHT = words('bought buy buys buying purchased purchase purchases');
export const PAID = words('paid pay pays payment spent spend cost costs costed');
/** Words for money that came in. */
export const EARNED = words('received got collected made');
export const DIED = words(
  'died die dies dead death deaths mortality mortalities perished drowned suffocated kpai kpeme',
);
export const KILLED = words('killed culled cull slaughtered crushed');
export const LOST = words('lost lose losing loss lossed losed');
export const FED = words('fed feeding ate eat consumed finished used use gave give given served poured');
export const DRANK = words('drank drink drinks pumped');
export const WEIGHED = words('weigh weighs weighed weighing weight weights');

/** What animals die of, where "from" and "of" may name something else as well. */
export const CAUSES = words(`
  heat cold stress prolapse newcastle gumboro coccidiosis cocci pox cholera coryza typhoid salmonella bronchitis marek mareks
  aspergillosis ascites bloat pneumonia worms mastitis anthrax ppr asf snake snakes dog dogs hawk hawks kite rat rats cat cats
  ants fox predator predators drowning suffocation smothering electrocution shock starvation hunger thirst dehydration poison
  poisoning flood fire lightning accident fight fighting cannibalism pecking injury injuries attack smoke fumes piling
  overcrowding disease illness diarrhoea egg-binding oxygen ammonia`);

export const ILLNESS = words(`
  sneezing sneeze sneezed coughing cough coughed coughs diarrhoea diarrhea scouring scours limping limp limps lame lameness swollen
  swelling swellings gasping gasp panting wheezing rattling drooling bloated bloat weak weakness sick sickly ill dull sluggish
  lethargic droopy drooping depressed paralysed paralyzed paralysis trembling shivering twisted torticollis blindness blind
  ruffled pale discharge mucus lesions lesion wounds rash itching scratching vomiting feverish fever stooling purging bleeding
  prolapse pecking feather-pecking gaping floating-belly rales snicking`);

/** What eats and takes without being fed. */
export const PESTS = words('rat rats mouse mice thief thieves ants weevil weevils bird-lice');

/** What happens on a farm and fits no other type. */
export const EVENTS = words(`
  vaccinated vaccine vaccines vaccination dewormed deworming treated sprayed disinfected fumigated cleaned washed repaired fixed replaced
  installed changed moved transferred relocated separated sorted stocked restocked hatched collected collection picked gathered
  flooded flood storm leaked leaking broke broken burst spoilt spoiled stole stolen theft thief visited visit came arrived
  delivered received supplied harvested planted mated farrowed calved kidded lambed weaned debeaked tagged light nepa phcn
  outage blackout fire escaped missing bit fell serviced built painted inspected checked gift dug mowed isolated paid`);

export const NEGATIVES = words(
  "no not none nil never nobody nothing without zero neither nor cannot don't didn't doesn't isn't wasn't aren't weren't hasn't haven't won't couldn't wouldn't can't no-one",
);

/** Words that make a figure a rough one. */
export const HEDGES = words(
  'about around like roughly approximately approx almost nearly over under above below maybe perhaps probably some say circa est estimated minimum maximum least most up-to',
);
export const VAGUE = words('some few several many plenty couple lots numerous most various');

export const PREPOSITIONS = words(`
  to for at from in on by with of into inside through via per each after before since until till because due as under
  over near behind around during against re about give`);

export const STOP_WORDS = words(`
  the a an and or but then also plus we i he she they it you us him her them our my his their your this that these those is
  are was were be been being am has have had do does did don will would shall should can could may might must only just
  now still again already today each per total totals all both complete completely altogether cash pos transfer credit
  worth who which so if not no yes there here up down out off apiece every`);
