/** The credentialing pack: what a medical staff office asks for, and how its gates ask. */
import { definePack } from '../../contract/pack';
import { committeeResponsePurpose } from './purposes/committee-response';
import { extraction } from './purposes/extraction';
import { privileging } from './purposes/privileging';
import { committeeResponse } from './record-types/committee-response';
import { privilegeGrant } from './record-types/privilege-grant';
import { trustFact } from './record-types/trust-fact';

export const credentialingPack = definePack({
  name: 'credentialing',
  purposes: [privileging, extraction, committeeResponsePurpose],
  recordTypes: [privilegeGrant, trustFact, committeeResponse],
});
