import express, { type Request, type RequestHandler, type Response } from 'express';
import type { Route } from '../../contract/wire/routes';
import { ApiProblem } from '../problem';
import { parseJson } from './json-text';
import { validate } from './validate';

/** A packet of documents is large; everything else is small. */
const LARGE = new Set(['runs.create', 'gates.decide']);
const LARGE_BYTES_MAX = 2 * 1024 * 1024;
const SMALL_BYTES_MAX = 64 * 1024;
/** Ten megabytes in base64, and what stands around them. */
const DOCUMENT_BODY_BYTES_MAX = 14 * 1024 * 1024;

function reader(bytesMax: number): RequestHandler {
  return express.raw({ type: 'application/json', limit: bytesMax, inflate: false });
}

const readLarge = reader(LARGE_BYTES_MAX);
const readSmall = reader(SMALL_BYTES_MAX);
const readDocument = reader(DOCUMENT_BODY_BYTES_MAX);

/**
 * Reads and checks the body of a route that takes one; undefined for the others, whose bodies are not looked at.
 *
 * @throws ApiProblem when it is missing, too large, too deep, no JSON, or does not fit
 */
export async function readBody(route: Route, request: Request, response: Response): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const bytes = await readBytes(readerOf(route), request, response);
  if (bytes === undefined) {
    if (route.bodyOptional !== true || hasBody(request)) throw new ApiProblem('media_type_unsupported');
    return validate(route.body, {}, '');
  }
  return validate(route.body, parseJson(bytes), '');
}

function readerOf({ name }: Route): RequestHandler {
  if (name === 'documents.create') return readDocument;
  return LARGE.has(name) ? readLarge : readSmall;
}

function hasBody(request: Request): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

async function readBytes(
  read: RequestHandler,
  request: Request,
  response: Response,
): Promise<Buffer | undefined> {
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(bodyProblem(error)),
    );
  });
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : undefined;
}

/** The reader's errors by their `type`; its messages are not passed on. */
function bodyProblem(error: unknown): ApiProblem {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') return new ApiProblem('body_too_large');
  if (type === 'encoding.unsupported') return new ApiProblem('media_type_unsupported');
  return new ApiProblem('body_malformed');
}
