import { exampleMessage, WEBHOOK_TYPES, type WebhookTypeName } from '../../contract/webhooks';
import { readProjectFile } from '../support/source-tree';

it('docs/webhooks.md lists exactly the types that there are', () => {
  const rows = [...readProjectFile('docs/webhooks.md').matchAll(/^\| `([a-z._]+)`\s+\| (.+?)\s+\|$/gm)];
  const told = Object.entries(WEBHOOK_TYPES).map(([type, { summary }]) => [type, summary]);
  expect(rows.map(([, type, summary]) => [type, summary])).toEqual(told);
});

it('has short messages without anything that could be content', () => {
  for (const type of Object.keys(WEBHOOK_TYPES) as WebhookTypeName[]) {
    const text = JSON.stringify(exampleMessage(type));
    expect(text.length).toBeLessThan(1_000);
    expect(text).not.toMatch(/payload|note|rationale|question|name"|email|url/);
  }
});
