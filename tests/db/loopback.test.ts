import { requireLoopback } from '../../db/loopback';
import { socketDatabaseUrl } from '../../stack/pglite/socket-folder';

const HERE = 'postgres://countersign_api@127.0.0.1:5432/farm';
const PGHOST = process.env.PGHOST;

afterEach(() => {
  if (PGHOST === undefined) delete process.env.PGHOST;
  else process.env.PGHOST = PGHOST;
});

it.each([
  HERE,
  'postgres://countersign_api@localhost/farm',
  'postgres://countersign_api@[::1]:5432/farm',
  socketDatabaseUrl('countersign_api', '/var/lib/farm/pglite.socket'),
  'postgres://countersign_api@%2Fvar%2Frun%2Fpostgresql/farm',
  'postgres:///farm',
])('lets the profile local use %s', (databaseUrl) => {
  expect(() => requireLoopback({ databaseUrl, listener: '127.0.0.1' })).not.toThrow();
});

it.each([
  'postgres://countersign_api@db.example/farm',
  'postgres://countersign_api@10.0.0.4/farm',
  'postgres://countersign_api@127.0.0.1.example/farm',
  'postgres://countersign_api@127.0.0.1/farm?host=db.example',
  'postgres://countersign_api@/farm?host=%2Ftmp&host=db.example',
])('keeps the profile local from %s', (databaseUrl) => {
  expect(() => requireLoopback({ databaseUrl })).toThrow('database on this machine only');
});

it('sees the host that a URL without one falls back to', () => {
  process.env.PGHOST = 'db.example';
  expect(() => requireLoopback({ databaseUrl: 'postgres:///farm' })).toThrow('database on this machine only');
});

it.each(['0.0.0.0', '::', '192.168.1.20', 'farm.example'])('keeps it from listening on %s', (listener) => {
  expect(() => requireLoopback({ databaseUrl: HERE, listener })).toThrow('listens on loopback only');
});

it.each(['127.0.0.1', 'localhost', '::1'])('lets it listen on %s', (listener) => {
  expect(() => requireLoopback({ databaseUrl: HERE, listener })).not.toThrow();
});
