import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { DOCUMENT_SOURCE_TYPES } from '../../contract/document';
import type { Document } from '../../contract/wire/document';
import { allItems } from '../all-items';
import { contextOf } from '../context';
import { UsageError } from '../exit-codes';
import { fields, properties, show, table } from '../output';

interface ListOptions {
  readonly sourceType?: Document['source_type'];
  readonly shared?: true;
}

/** `document` and `passage`: what runs may be shown passages of, and one of them with its place. */
export function addDocumentCommands(program: Command): void {
  const document = program
    .command('document')
    .description('documents, remembered facts and the shared knowledge that runs may be shown passages of');
  document
    .command('add <file>')
    .description('add a text or a PDF with a text layer, at most 10 MB; a worker then reads it')
    .option('--title <title>', 'what people call it; else the name of the file')
    .option('--summary', 'it is the summary of a conversation')
    .action(
      async (file: string, { title, summary }: { title?: string; summary?: true }, command: Command) => {
        const { output, client } = contextOf(command);
        const added = await client().documents.create({
          source_type: summary === true ? 'convo_summary' : 'document',
          title: title ?? basename(file),
          media_type: file.toLowerCase().endsWith('.pdf') ? 'application/pdf' : 'text/plain',
          content: readBytes(file).toString('base64'),
        });
        show(output, added, () => documentTable([added]));
      },
    );
  document
    .command('list')
    .description('documents and remembered facts of the tenant')
    .addOption(new Option('--source-type <type>', 'only these').choices(DOCUMENT_SOURCE_TYPES))
    .option('--shared', 'the shared knowledge, with its public sources')
    .action(async ({ sourceType, shared }: ListOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const documents = await allItems((cursor) =>
        client().documents.list({
          cursor,
          ...(sourceType === undefined ? {} : { source_type: sourceType }),
          ...(shared === undefined ? {} : { shared: 'true' }),
        }),
      );
      show(output, documents, () => documentTable(documents.items));
    });
  document
    .command('show <id>')
    .description('one of them, what became of reading it, and its passages')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const one = await client().documents.get(id);
      const passages = await allItems((cursor) => client().documents.passages(id, { cursor }));
      show(output, { ...one, passages: passages.items }, () => [
        ...properties(one),
        ...passages.items.flatMap((passage) => ['', `${passage.id}, page ${passage.page}`, passage.text]),
      ]);
    });
  document
    .command('delete <id>')
    .description('delete what it says, its passages and their vectors')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      await client().documents.delete(id);
      show(output, { deleted: id }, () => [`Deleted ${id}`]);
    });
  program
    .command('passage <id>')
    .description('the passage that a source names, and where it stands')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const passage = await client().passages.get(id);
      show(output, passage, () =>
        fields([
          ['from', [passage.title, passage.publisher, passage.address].filter(Boolean).join(', ')],
          ['document', passage.document_id],
          ['page', String(passage.page)],
          ['characters', `${passage.start} to ${passage.end}`],
          ['text', passage.text],
        ]),
      );
    });
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new UsageError(`${file} can't be read.`);
  }
}

function documentTable(documents: readonly Document[]): string[] {
  return table(
    ['document', 'title', 'state', 'pages', 'passages', 'embedded by'],
    documents.map((one) => [
      one.id,
      one.publisher === null ? (one.title ?? '') : `${one.title ?? ''} (${one.publisher})`,
      one.code === null ? one.state : `${one.state}: ${one.code}`,
      String(one.pages ?? ''),
      String(one.passages ?? ''),
      one.model === 'hashed-features-1' ? `${one.model}, no language model` : (one.model ?? ''),
    ]),
  );
}
