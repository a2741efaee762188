import { Signer, type SignerConfig } from '@aws-sdk/rds-signer';
import { Client, type PoolConfig } from 'pg';

/** What `openDatabase` needs to sign in by IAM. */
export interface IamSignIn {
  readonly password: () => Promise<string>;
  readonly ssl: PoolConfig['ssl'];
}

/**
 * Signs in to Aurora or RDS by IAM: a token for each new connection, since one lives for 15 minutes; connections that are
 * open stay open. TLS is required, and the server's certificate is checked (`NODE_EXTRA_CA_CERTS` names Amazon's bundle).
 * Region and credentials are found as the AWS SDK finds them.
 *
 * @param databaseUrl names host, port and user; a password in it is not used
 * @throws Error when the URL has no user, or an `sslmode`, which would replace the settings made here
 */
export function iamSignIn(
  databaseUrl: string,
  how: Pick<SignerConfig, 'region' | 'credentials'> = {},
): IamSignIn {
  // The client that will connect is asked, so that a URL is never read in two ways; nothing is opened by that.
  const { host, port, user } = new Client({ connectionString: databaseUrl });
  if (user === undefined || user === '') throw new Error('An IAM sign-in needs a user in DATABASE_URL.');
  if (/[?&]sslmode=/.test(databaseUrl))
    throw new Error('An IAM sign-in sets TLS itself: take sslmode out of DATABASE_URL.');
  const signer = new Signer({ hostname: host, port, username: user, ...how });
  return { password: () => signer.getAuthToken(), ssl: { rejectUnauthorized: true } };
}
