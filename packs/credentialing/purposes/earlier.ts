/** Versions that new runs no longer begin with, kept for those that still wait: they declared no id of the subject. */
import { definePurpose, type Purpose } from '../../../contract/pack';
import { committeeResponsePurpose } from './committee-response';
import { extraction } from './extraction';
import { privileging } from './privileging';

function firstVersion({ subjectIdField: _later, ...purpose }: Purpose): Purpose {
  return definePurpose({ ...purpose, version: 1 });
}

export const earlierPurposes = [privileging, extraction, committeeResponsePurpose].map(firstVersion);
