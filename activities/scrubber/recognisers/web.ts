/** URLs (with and without a scheme) and IP addresses of both versions. */
import { isIP } from 'node:net';
import type { Recogniser, Span } from '../span';
import { MASK } from '../text-view';

const URL_PATTERN = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?:https?|ftp|sftp|ssh|file|mailto|tel):(?://)?|www\\.)[^\\s<>"${MASK}]{2,2048}`,
  'giu',
);
/** Only top-level domains that are no word: "died.No feed" is not a host. */
const BARE_HOST = new RegExp(
  `(?<![\\p{L}\\p{N}@._-])(?:[a-z0-9](?:[a-z0-9-]{0,62})\\.){1,6}(?:com|org|net|gov|edu|ng|uk|io|info|biz|health|africa|mil)(?![\\p{L}\\p{N}@-])(?::\\d{2,5})?(?:/[^\\s<>"${MASK}]{0,2048})?`,
  'giu',
);
const TRAILING = /[.,;:!?)\]}'*_]+$/u;
const IP_4 = /(?<![\d.])(?<id>\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?!\.?\d)/gu;
const IP_6 =
  /(?<![\p{L}\p{N}:.])(?=[0-9a-f:.]*:[0-9a-f:.]*:)[0-9a-f:]{3,39}(?:\.\d{1,3}){0,3}(?![\p{L}\p{N}:])/giu;

export const recogniseUrl: Recogniser = (view) => {
  const spans: Span[] = [];
  for (const pattern of [URL_PATTERN, BARE_HOST]) {
    for (const match of view.matchAll(pattern)) {
      const length = match[0].replace(TRAILING, '').length;
      spans.push({ start: match.index, end: match.index + length, kind: 'url' });
    }
  }
  return spans;
};

export const recogniseIp: Recogniser = (view) => {
  const spans: Span[] = [];
  for (const match of view.matchAll(IP_4)) {
    if (isIP(match.groups?.['id'] ?? '') === 4)
      spans.push({ start: match.index, end: match.index + match[0].length, kind: 'ip' });
  }
  for (const match of view.matchAll(IP_6)) {
    const groups = match[0].split(':').filter((group) => group !== '').length;
    if (groups < 2 || isIP(match[0]) !== 6) continue;
    spans.push({ start: match.index, end: match.index + match[0].length, kind: 'ip' });
  }
  return spans;
};
