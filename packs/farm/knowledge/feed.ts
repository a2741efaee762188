import { defineKnowledge } from '../../../contract/pack';

const EGGS = {
  title: 'Factors affecting egg production in backyard chicken flocks (PS029)',
  publisher: 'University of Florida, IFAS Extension',
  address: 'https://edis.ifas.ufl.edu/publication/PS029',
};
const GATEWAY = {
  title: 'Gateway to poultry production and products',
  publisher: 'Food and Agriculture Organization of the United Nations (FAO)',
  address: 'https://www.fao.org/poultry-production-products/en/',
};

/** What poultry eats and drinks, and what a change in it does. */
export const feed = defineKnowledge([
  {
    name: 'farm.feed.calcium',
    ...EGGS,
    text: 'The egg shell is mostly calcium carbonate. When a pullet begins to lay, her need of calcium rises at least four times; too little of it gives fewer eggs and weak shells. Ground limestone or oyster shell supply it.',
  },
  {
    name: 'farm.feed.layer_feed_too_early',
    ...EGGS,
    text: 'Young birds are not fed a layer ration: so much calcium, out of balance with phosphorus, makes them ill or kills them. Change to layer feed when the flock begins to lay.',
  },
  {
    name: 'farm.feed.dolomite',
    ...EGGS,
    text: 'Dolomitic limestone is not for poultry feed: its magnesium competes with calcium, so that hens lack calcium although they are given it.',
  },
  {
    name: 'farm.feed.feed_out',
    ...EGGS,
    text: 'When hens are out of feed for several hours, they will probably lay fewer eggs, and the longer it lasts, the more so. When hens eat less or lay less, check first that feeders and drinkers are full, working and within reach of every bird.',
  },
  {
    name: 'farm.feed.light',
    ...EGGS,
    text: 'Hens need about 14 hours of light a day to keep laying. When days get shorter and no lamp makes up for it, egg production falls or stops.',
  },
  {
    name: 'farm.feed.water',
    ...GATEWAY,
    text: 'Clean, cool water has to be there at all times: birds that drink less also eat less. They drink much more in hot weather, so a fall in water intake is among the earliest signs that something is wrong.',
  },
  {
    name: 'farm.feed.mould',
    ...GATEWAY,
    text: 'Feed that is damp, warm or old grows moulds, some of which make aflatoxins, poisons that harm growth, laying and defence against disease. Store feed dry, cool, off the floor and away from rodents and wild birds, use the oldest first, and do not feed what is mouldy or caked.',
  },
  {
    name: 'farm.feed.largest_cost',
    ...GATEWAY,
    text: 'Feed is the largest cost of keeping poultry. Weigh what is given and what is left, so that waste at the feeder, theft and a change in appetite are noticed.',
  },
]);
