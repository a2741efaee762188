import type { Registry } from '../../packs/registry';
import { leakScan } from './leak-scan';
import { scrubInput } from './scrub';
import { randomToken } from './token';

/**
 * Scrubs each purpose's example once. The first text of a process costs as much as a thousand later ones, because patterns
 * are compiled and the language library reads its lexicon, and on a busy machine that would not fit into a quick step's time.
 */
export function warmUpScrubber({ purposes }: Pick<Registry, 'purposes'>): void {
  for (const { example, allowList } of purposes) {
    const options = { knownValues: [], dates: 'tokenise', places: true, organisations: true } as const;
    const { scrubbed, tokens } = scrubInput({
      ...options,
      input: example,
      allowList,
      mintToken: randomToken,
    });
    leakScan({ ...options, text: JSON.stringify(scrubbed), tokens });
  }
}
