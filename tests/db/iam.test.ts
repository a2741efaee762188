import { iamSignIn } from '../../db/iam';

const how = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } };
const URL_OF_ROLE = 'postgres://countersign_worker@db.example.org:5433/countersign';

it('makes a token of its own for each connection, for this host, port and user, good for 15 minutes', async () => {
  const { password, ssl } = iamSignIn(URL_OF_ROLE, how);
  const token = new URL(`https://${await password()}`);
  expect(token.host).toBe('db.example.org:5433');
  expect(Object.fromEntries(token.searchParams)).toMatchObject({
    Action: 'connect',
    DBUser: 'countersign_worker',
    'X-Amz-Expires': '900',
    'X-Amz-Credential': expect.stringContaining('/eu-west-1/rds-db/') as string,
  });
  expect(ssl).toEqual({ rejectUnauthorized: true });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await password()).not.toBe(token.href.replace('https://', ''));
});

it('binds a token to its user', async () => {
  const other = iamSignIn(URL_OF_ROLE.replace('countersign_worker', 'countersign_api'), how);
  const [one, two] = [await iamSignIn(URL_OF_ROLE, how).password(), await other.password()];
  expect(new URL(`https://${one}`).searchParams.get('X-Amz-Signature')).not.toBe(
    new URL(`https://${two}`).searchParams.get('X-Amz-Signature'),
  );
});

it('refuses a URL whose sslmode would switch the checks off', () => {
  expect(() => iamSignIn(`${URL_OF_ROLE}?sslmode=disable`, how)).toThrow('sslmode');
});
