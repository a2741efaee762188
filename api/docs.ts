import { ERRORS } from '../contract/errors';
import { WEBHOOK_TYPES } from '../contract/webhooks';
import { ROUTES, type Route } from '../contract/wire/routes';
import { problemsOf, type OpenApiDocument } from './openapi';

/** The OpenAPI document as one page for people: no script, and nothing loaded from elsewhere. */
export function docsPage(document: OpenApiDocument): string {
  const groups = new Map<string, Route[]>();
  for (const route of ROUTES) {
    const [group = ''] = route.name.split('.');
    groups.set(group, [...(groups.get(group) ?? []), route]);
  }
  const links = [...groups.keys()].map((group) => `<a href="#${group}">${escape(group)}</a>`).join(' ');
  const sections = [...groups].map(
    ([group, routes]) =>
      `<section id="${group}"><h2>${escape(group)}</h2>${routes.map((route) => article(document, route)).join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countersign API</title><style>${STYLE}</style></head>
<body><header><h1>Countersign API</h1><p>${escape(document.info.description ?? '')}
<a href="/openapi.json">openapi.json</a></p><nav>${links} <a href="#messages">messages</a> <a href="#schemas">schemas</a> <a href="#codes">codes</a></nav></header>
<main>${sections.join('')}${messages(document)}${schemas(document)}${codes()}</main></body></html>
`;
}

function article(document: OpenApiDocument, route: Route): string {
  const operation = document.paths?.[route.path]?.[route.method.toLowerCase() as 'get'];
  const body = operation?.requestBody;
  const roles = route.roles === 'public' ? 'no key needed' : route.roles.join(', ');
  const headers = [
    route.idempotencyKey === true ? 'Idempotency-Key' : '',
    route.ifMatch === true ? 'If-Match (or If-None-Match: *)' : '',
  ].filter((header) => header !== '');
  return `<article id="${route.name}"><h3><code class="method">${route.method}</code> <code>${escape(route.path)}</code></h3>
<p>${escape(route.summary)}.</p><dl><dt>Roles</dt><dd>${escape(roles)}</dd>
${headers.length > 0 ? `<dt>Headers</dt><dd>${escape(headers.join(', '))}</dd>` : ''}
<dt>Answers</dt><dd>${Object.keys(route.answers).join(', ')}</dd>
<dt>Problems</dt><dd>${[...problemsOf(route)].map(([status, list]) => `${status} ${list.map(codeLink).join(' ')}`).join('; ')}</dd></dl>
${details('Parameters', operation?.parameters)}${details('Body', body)}${details('Responses', route.roles === 'public' ? undefined : success(operation?.responses))}</article>`;
}

function success(responses: unknown): unknown {
  if (typeof responses !== 'object' || responses === null) return undefined;
  return Object.fromEntries(Object.entries(responses).filter(([status]) => status.startsWith('2')));
}

function details(title: string, value: unknown): string {
  if (value === undefined) return '';
  return `<details><summary>${title}</summary><pre>${linkSchemas(escape(JSON.stringify(value, null, 2)))}</pre></details>`;
}

/** What is sent to webhooks, by type. */
function messages(document: OpenApiDocument): string {
  const list = Object.entries(WEBHOOK_TYPES).map(
    ([type, { summary }]) =>
      `<article id="message-${type}"><h3><code>${escape(type)}</code></h3><p>${escape(summary)}</p>${details('Message', document.webhooks?.[type]?.post?.requestBody)}</article>`,
  );
  return `<section id="messages"><h2>messages to webhooks</h2>${list.join('')}</section>`;
}

function schemas(document: OpenApiDocument): string {
  const entries = Object.entries(document.components?.schemas ?? {});
  const list = entries.map(
    ([name, schema]) =>
      `<article id="schema-${name}"><h3>${escape(name)}</h3>${details('JSON Schema', schema)}</article>`,
  );
  return `<section id="schemas"><h2>schemas</h2>${list.join('')}</section>`;
}

function codes(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, retryable, message }]) =>
      `<tr id="code-${code}"><td><code>${code}</code></td><td>${status}</td><td>${retryable ? 'yes' : 'no'}</td><td>${escape(message)}</td></tr>`,
  );
  return `<section id="codes"><h2>codes</h2><div class="wide" tabindex="0" role="region" aria-label="Codes"><table><tr><th>code</th><th>status</th><th>may succeed later</th><th>meaning</th></tr>${rows.join('')}</table></div></section>`;
}

function codeLink(code: string): string {
  return `<a href="#code-${code}"><code>${code}</code></a>`;
}

function linkSchemas(text: string): string {
  return text.replaceAll(/#\/components\/schemas\/(\w+)/g, '<a href="#schema-$1">$1</a>');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const STYLE = `
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
nav a{margin-right:.6rem;white-space:nowrap}
article{border-top:1px solid #8884;padding:.5rem 0}
h3{margin:.3rem 0;font-size:1rem}
code,pre{font:.9em ui-monospace,monospace}
pre{overflow:auto;max-height:30rem;background:#8881;padding:.7rem}
.method{font-weight:700}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.3rem 0}
dt{opacity:.7}dd{margin:0;min-width:0;overflow-wrap:anywhere}
h3,pre a{overflow-wrap:anywhere}
.wide{overflow-x:auto}
a:focus-visible,summary:focus-visible,.wide:focus-visible{outline:3px solid Highlight;outline-offset:2px}
summary{cursor:pointer;padding:.2rem 0}
td,th{text-align:left;padding:.2rem .6rem;vertical-align:top}
`;
