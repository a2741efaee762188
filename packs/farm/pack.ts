import { definePack } from '../../contract/pack';
import { biosecurity } from './knowledge/biosecurity';
import { feed } from './knowledge/feed';
import { vaccination } from './knowledge/vaccination';
import { withdrawal } from './knowledge/withdrawal';
import { memory as memoryPurpose } from './purposes/memory';
import { recommendation as recommendationPurpose } from './purposes/recommendation';
import { record } from './purposes/record';
import { expense } from './record-types/expense';
import { feedUse } from './record-types/feed-use';
import { memory } from './record-types/memory';
import { mortality } from './record-types/mortality';
import { note } from './record-types/note';
import { recommendation } from './record-types/recommendation';
import { sale } from './record-types/sale';
import { symptom } from './record-types/symptom';
import { task } from './record-types/task';
import { water } from './record-types/water';
import { weight } from './record-types/weight';

/** A farm: notes into records, advice with sources, lasting facts, and what is known of husbandry. */
export const farmPack = definePack({
  name: 'farm',
  purposes: [record, recommendationPurpose, memoryPurpose],
  recordTypes: [
    mortality,
    feedUse,
    sale,
    expense,
    water,
    weight,
    symptom,
    note,
    task,
    recommendation,
    memory,
  ],
  knowledge: [...vaccination, ...biosecurity, ...feed, ...withdrawal],
});
