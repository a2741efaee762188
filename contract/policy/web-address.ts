/**
 * Which addresses we send to when a tenant names them. Whoever names an address could have us ask what only we can reach: our
 * own machine, our network, a cloud's metadata. So only addresses of the public internet count, and an address is judged as
 * what it reaches: an IPv4 address in any of its IPv6 disguises is that IPv4 address.
 */

export interface WebAddressRules {
  /** Lets `http:`, any port and loopback through, for whoever develops against their own machine. */
  readonly allowLoopback: boolean;
}

const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);

/** IPv4 that is not of the public internet, by prefix and its length (IANA special-purpose registry). */
const NOT_PUBLIC_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Within 2000::/3, the only global unicast of IPv6, what is not of the public internet either. */
const NOT_PUBLIC_6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

/** Whether an address may be connected to. What can't be read as one may not. */
export function isAllowedAddress(address: string, { allowLoopback }: WebAddressRules): boolean {
  const groups = address.includes(':') ? groupsOf6(address) : undefined;
  const four = groups === undefined ? numberOf4(address) : embedded4(groups);
  if (four !== undefined) {
    if (allowLoopback && four >>> 24 === 127) return true;
    return !NOT_PUBLIC_4.some(([prefix, length]) => isWithin4(four, prefix, length));
  }
  if (groups === undefined) return false;
  if (groups.every((group, place) => group === (place === 7 ? 1 : 0))) return allowLoopback;
  if ((groups[0] ?? 0) >>> 13 !== 1) return false;
  return !NOT_PUBLIC_6.some(([prefix, length]) => isWithin6(groups, prefix, length));
}

/**
 * Whether a URL may be sent to, as far as its text tells: the scheme, the port, no credentials, and no address or name that
 * stands for this machine. Where its name leads is looked at when it is connected to.
 */
export function isAllowedUrl(text: string, rules: WebAddressRules): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  const host = hostOf(url);
  if (host === '') return false;
  const isLiteral = host.includes(':') || numberOf4(host) !== undefined;
  const isHere = isLocalHost(host);
  if (rules.allowLoopback && isHere) return url.protocol === 'http:' || url.protocol === 'https:';
  if (url.protocol !== 'https:' || !PORTS.has(url.port) || isHere) return false;
  // A name without a dot is one of our own network.
  return isLiteral ? isAllowedAddress(host, rules) : host.includes('.') && !host.endsWith('.');
}

/** The name or address of a URL, without the brackets around IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Whether a name or address stands for this machine or its own network. */
export function isLocalHost(host: string): boolean {
  return isLocalName(host) || isLoopback(host);
}

function isLocalName(host: string): boolean {
  return /^(.+\.)?localhost\.?$/.test(host) || /\.(local|internal|localdomain|home\.arpa)\.?$/.test(host);
}

function isLoopback(host: string): boolean {
  return isAllowedAddress(host, { allowLoopback: true }) && !isAllowedAddress(host, { allowLoopback: false });
}

function numberOf4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0) >>> 0;
}

/** The eight groups of an IPv6 address; undefined when it is none. A zone names an interface of ours, so it is none either. */
function groupsOf6(text: string): readonly number[] | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const four = tail?.[2] === undefined ? undefined : numberOf4(tail[2]);
  if (tail !== null && four === undefined) return undefined;
  const plain = four === undefined ? text : `${tail?.[1] ?? ''}${hex(four >>> 16)}:${hex(four & 0xffff)}`;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [front = [], back = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...front, ...Array<string>(missing).fill('0'), ...back];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => parseInt(group, 16))
    : undefined;
}

function hex(number: number): string {
  return number.toString(16);
}

/** Mapped (::ffff:0:0/96), compatible (::/96 but ::1) and NAT64 (64:ff9b::/96): what is reached is an IPv4 address. */
function embedded4(groups: readonly number[]): number | undefined {
  const [first = 0, second = 0] = groups;
  const low = (((groups[6] ?? 0) << 16) | (groups[7] ?? 0)) >>> 0;
  const isZero = (from: number, until: number): boolean =>
    groups.slice(from, until).every((group) => group === 0);
  if (isZero(0, 5) && groups[5] === 0xffff) return low;
  if (isZero(0, 6) && low > 1) return low;
  if (first === 0x64 && second === 0xff9b && isZero(2, 6)) return low;
  return undefined;
}

function isWithin4(address: number, prefix: string, length: number): boolean {
  const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return (address & mask) >>> 0 === numberOf4(prefix);
}

function isWithin6(groups: readonly number[], prefix: string, length: number): boolean {
  const wanted = groupsOf6(prefix) ?? [];
  for (let bit = 0; bit < length; bit += 16) {
    const bits = Math.min(16, length - bit);
    const shift = 16 - bits;
    const place = bit / 16;
    if ((groups[place] ?? 0) >>> shift !== (wanted[place] ?? 0) >>> shift) return false;
  }
  return true;
}
