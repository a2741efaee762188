import { lookup } from 'node:dns/promises';
import { hostOf, isAllowedAddress, isAllowedUrl, isLocalHost } from '../../contract/policy/web-address';
import { ApiProblem } from '../problem';

/** Which addresses a webhook may have, and how a name is looked up. */
export interface WebhookAddresses {
  readonly allowLoopback: boolean;
  readonly resolve: (host: string) => Promise<readonly string[]>;
}

const LOOK_MS_MAX = 3_000;

/** The system's own look-up. A name that leads nowhere now may do so later: whoever connects looks again. */
export async function resolveHost(host: string): Promise<readonly string[]> {
  const late = new Promise<never[]>((resolve) => {
    setTimeout(() => resolve([]), LOOK_MS_MAX).unref();
  });
  const found = lookup(host, { all: true }).then(
    (addresses) => addresses.map(({ address }) => address),
    () => [],
  );
  return await Promise.race([found, late]);
}

/** @throws ApiProblem `webhook_address_refused` when it is, or leads to, an address that is not of the public internet */
export async function requirePublicAddress(url: string, addresses: WebhookAddresses): Promise<void> {
  if (!isAllowedUrl(url, addresses)) throw new ApiProblem('webhook_address_refused');
  const host = hostOf(new URL(url));
  const rules = { allowLoopback: addresses.allowLoopback && isLocalHost(host) };
  const found = await addresses.resolve(host);
  if (!found.every((address) => isAllowedAddress(address, rules)))
    throw new ApiProblem('webhook_address_refused');
}
