import { setting } from '../environment/setting';
import { away, fail, ok, reasonOf, type Check, type Found } from '../stack/doctor/check';
import { kmsWrapper } from '../worker/kms';

/** Whether the key of a key management service can be used, with the credentials that are here; nothing where none is named. */
export async function kmsChecks(
  keyArn: string | undefined = setting('COUNTERSIGN_KMS_KEY'),
): Promise<Check[]> {
  if (keyArn === undefined) return [];
  return [{ name: 'key management', ...(await examined(keyArn)) }];
}

async function examined(keyArn: string): Promise<Found> {
  try {
    const kms = kmsWrapper(keyArn);
    try {
      await kms.check();
    } finally {
      kms.close();
    }
    return ok(`${keyArn} is enabled`);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'key_unavailable')
      return away(
        `${keyArn} does not answer`,
        'see that the service is reachable from here (AWS_ENDPOINT_URL_KMS names another address)',
      );
    if (reason === 'key_refused')
      return fail(
        `${keyArn} may not be used`,
        'enable the key, and allow the worker kms:Encrypt, kms:Decrypt and kms:DescribeKey on it',
      );
    return fail(reason, 'set COUNTERSIGN_KMS_KEY to the whole ARN of a symmetric key');
  }
}
