/** All recognisers, in the order of trust: where two find spans of equal length, the earlier one names the kind. */
import { type LanguageMemo, type Recogniser, type Span } from './span';
import { MASK, viewOf, type ViewOptions } from './text-view';
import { recogniseAccount } from './recognisers/account';
import { recogniseAge } from './recognisers/age';
import { recogniseBirthDate, recogniseDate } from './recognisers/date';
import { recogniseDevice } from './recognisers/device';
import { recogniseEmail } from './recognisers/email';
import {
  recogniseAccountLabel,
  recogniseBiometricLabel,
  recogniseCodeLabel,
  recogniseDeviceLabel,
  recogniseHealthPlanLabel,
  recogniseLicenceLabel,
  recogniseMedicalRecordLabel,
  recogniseNationalLabel,
  recognisePhotoLabel,
  recogniseVehicleLabel,
} from './recognisers/identifiers';
import { recogniseLicence } from './recognisers/licence';
import { recognisePhoto } from './recognisers/media';
import { recogniseNationalId } from './recognisers/national-id';
import { recognisePerson } from './recognisers/person';
import { recogniseAddress, recogniseOrganisation, recognisePlace } from './recognisers/place';
import { recognisePhone } from './recognisers/phone';
import { recogniseUniqueCode } from './recognisers/unique-code';
import { recogniseVehicle } from './recognisers/vehicle';
import { recogniseIp, recogniseUrl } from './recognisers/web';

export interface RecognitionOptions {
  /** `keep` where the purpose passes dates, as farm notes do; else dates finer than a year become tokens. */
  readonly dates: 'keep' | 'tokenise';
  /** Towns, regions and countries; street addresses and postal codes are always recognised. Default false. */
  readonly places?: boolean;
  /** Companies and institutions. Default false. */
  readonly organisations?: boolean;
}

/** Identifiers that are told by their form or their label, without guessing. UUIDs are apart: our own ids are such. */
const STRUCTURED: readonly Recogniser[] = [
  recogniseBirthDate,
  recogniseEmail,
  recogniseUrl,
  recogniseIp,
  recogniseNationalId,
  recogniseMedicalRecordLabel,
  recogniseHealthPlanLabel,
  recogniseLicence,
  recogniseLicenceLabel,
  recogniseVehicle,
  recogniseVehicleLabel,
  recogniseDevice,
  recogniseDeviceLabel,
  recogniseBiometricLabel,
  recognisePhoto,
  recognisePhotoLabel,
  recogniseAccount,
  recogniseAccountLabel,
  recogniseNationalLabel,
  recognisePhone,
  recogniseCodeLabel,
  recogniseAddress,
  recogniseAge,
];

/** Spans of `text` that must become tokens, in source offsets and the order of trust, not yet merged. */
export function recognise(
  text: string,
  options: RecognitionOptions,
  view: ViewOptions,
  memo: LanguageMemo,
): readonly Span[] {
  const recognisers = [
    ...STRUCTURED,
    recogniseUniqueCode,
    ...(options.dates === 'tokenise' ? [recogniseDate] : []),
    recognisePerson,
    ...(options.organisations === true ? [recogniseOrganisation] : []),
    ...(options.places === true ? [recognisePlace] : []),
  ];
  return run(recognisers, text, view, memo);
}

/** As `recognise`, without guesses (names, places) and without UUIDs: what a finished prompt is scanned for. */
export function recogniseStructured(
  text: string,
  dates: 'keep' | 'tokenise',
  view: ViewOptions,
): readonly Span[] {
  return run(dates === 'tokenise' ? [...STRUCTURED, recogniseDate] : STRUCTURED, text, view, new Map());
}

function run(
  recognisers: readonly Recogniser[],
  text: string,
  options: ViewOptions,
  memo: LanguageMemo,
): readonly Span[] {
  const view = viewOf(text, options);
  return recognisers.flatMap((recogniser) =>
    recogniser(view.text, memo)
      .flatMap((span) => withoutMasks(view.text, span))
      .map(({ start, end, kind }) => ({ ...view.source(start, end), kind })),
  );
}

/** A span that reaches across a token is cut there, so that tokens never nest. */
function withoutMasks(view: string, span: Span): readonly Span[] {
  const text = view.slice(span.start, span.end);
  if (!text.includes(MASK)) return [span];
  return Array.from(text.matchAll(new RegExp(`[^${MASK}]+`, 'gu')))
    .filter((part) => /[\p{L}\p{N}]/u.test(part[0]))
    .map((part) => {
      const lead = /^\s*/u.exec(part[0])?.[0].length ?? 0;
      const start = span.start + part.index + lead;
      return { start, end: start + part[0].trim().length, kind: span.kind };
    });
}
