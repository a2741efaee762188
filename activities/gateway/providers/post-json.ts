/** One POST of JSON to an address of the configuration: no redirect, a bound on what comes back, and no second try. */
import { MALFORMED_ANSWER, providerError } from './failure';

export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
  readonly signal: AbortSignal;
  readonly responseBytesMax: number;
}

export interface PostAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** @throws ProviderError malformed, when more comes back than may, or no text; else whatever fetch throws */
export async function postJson({
  url,
  headers,
  body,
  signal,
  responseBytesMax,
}: PostRequest): Promise<PostAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
    signal,
  });
  return {
    status: response.status,
    headers: response.headers,
    text: await boundedText(response, responseBytesMax),
  };
}

/** Stops reading, and closes the connection, at the bound: what a header promises is not believed. */
async function boundedText(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (body === null) return '';
  // Leaving the loop, by the end or by an error, cancels the rest of the body.
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw providerError(MALFORMED_ANSWER);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw providerError(MALFORMED_ANSWER);
  }
}
