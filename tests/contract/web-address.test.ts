import { isAllowedAddress, isAllowedUrl } from '../../contract/policy/web-address';

const strict = { allowLoopback: false };
const loose = { allowLoopback: true };

it.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.1.2.3',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::FFFF:169.254.169.254',
  '::127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1::2::3',
  '2606:4700:4700::1111%0',
  'example.com',
  '',
])('refuses %s', (address) => {
  expect(isAllowedAddress(address, strict)).toBe(false);
});

it.each([
  '1.1.1.1',
  '8.8.8.8',
  '93.184.215.14',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
])('lets %s', (address) => {
  expect(isAllowedAddress(address, strict)).toBe(true);
});

it('lets loopback alone where that is allowed', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
    expect(isAllowedAddress(address, loose)).toBe(true);
  for (const address of ['10.0.0.1', '169.254.169.254', 'fe80::1', '0.0.0.0', '::'])
    expect(isAllowedAddress(address, loose)).toBe(false);
});

it.each([
  'https://example.com/hook',
  'https://example.com:443/hook?a=b',
  'https://example.com:8443/',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/',
])('lets the URL %s', (url) => {
  expect(isAllowedUrl(url, strict)).toBe(true);
});

it.each([
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'example.com',
  '//example.com/',
  'https://user@example.com/',
  'https://user:word@example.com/',
  'https://example.com/#part',
  'https://example.com:22/',
  'https://example.com:6379/',
  'https://localhost/',
  'https://localhost./',
  'https://a.localhost/',
  'https://intranet/',
  'https://example.com./',
  'https://printer.local/',
  'https://metadata.google.internal/',
  'https://router.home.arpa/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://0/',
])('refuses the URL %s', (url) => {
  expect(isAllowedUrl(url, strict)).toBe(false);
});

it('lets http to this machine where that is allowed, on any port, and to no other', () => {
  for (const url of [
    'http://127.0.0.1:9000/',
    'http://localhost:8080/',
    'https://[::1]:9/',
    'http://a.localhost/',
  ])
    expect(isAllowedUrl(url, loose)).toBe(true);
  for (const url of ['http://example.com/', 'http://10.0.0.1/', 'https://192.168.0.1/', 'http://[fe80::1]/'])
    expect(isAllowedUrl(url, loose)).toBe(false);
});
