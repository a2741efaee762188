import { setting } from '../../environment/setting';
import { prepareNamespace, TEMPORAL_NAMESPACE } from './namespace';

/*
 * `node prepare.js`: gives the Temporal cluster at `TEMPORAL_ADDRESS` our namespace with its retention and search
 * attributes, as the stack does for its own dev server. May be run again at any time.
 */

const READY_MS_MAX = 120_000;

async function main(): Promise<void> {
  const address = setting('TEMPORAL_ADDRESS');
  if (address === undefined) throw new Error('Set TEMPORAL_ADDRESS.');
  const namespace = setting('TEMPORAL_NAMESPACE') ?? TEMPORAL_NAMESPACE;
  const { serverVersion, retentionDays } = await prepareNamespace(address, namespace, READY_MS_MAX);
  process.stdout.write(
    `Temporal ${serverVersion}: namespace ${namespace}, ${retentionDays} days, search attributes\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
