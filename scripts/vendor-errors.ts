import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vendorErrorsDocument } from './vendor-error-rows';

/* `npm run docs:vendor-errors`: writes the table of docs/ from the tables of the code. */
writeFileSync(join(process.cwd(), 'docs', 'vendor-errors.md'), vendorErrorsDocument());
