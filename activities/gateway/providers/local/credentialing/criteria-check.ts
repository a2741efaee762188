/**
 * The local criteria check: rules, not a language model, and no opinion. `checkCriteria` settles criteria by verified
 * facts and by lines of exact form; `checkCriteriaAgain`, the advisor, also adds up verified periods and reads tables,
 * case logs and letters of reference. Both answer met, not met or unknown, with the receipt or passage that shows it.
 */
import type { ModelOutput, ModelProposal, SourceSpan } from '../../../../../contract/pack';
import { countCases, type Window } from './case-log';
import { logFinding, referenceFindings, together, volumeFindings, type Reading } from './counted-answers';
import { monthsBefore, dayAfter } from './dates';
import { evidenceOfFacts, type Evidence } from './evidence';
import { settle, type Settlement } from './finding';
import { evidenceOfLetter } from './letters';
import { certificationFindings, licenceFindings, sanctionFindings } from './single-answers';
import { evidenceOfLines } from './structured-lines';
import { ownerOf } from './subject';
import { evidenceOfTables } from './tables';
import { readPacket, type Criterion, type Document, type Packet } from './user-document';

/** The definition of the confidence, in the words that the run shows. */
export const CONFIDENCE_ORIGIN =
  'Criteria check by rules, not a language model: share of criteria settled by a verified fact';

interface Sources {
  readonly evidence: readonly Evidence[];
  /** Logs are read by the advisor alone; empty for the primary. */
  readonly logs: readonly Document[];
  readonly reading: Reading;
  readonly asOf: string;
  /** Documents that name another person as theirs: misfiled, and not read. */
  readonly setAside: number;
}

function open(reason: string): Settlement {
  return { status: 'unknown', settledBy: null, reason, sources: [], trustRecordIds: [] };
}

/** Says beside an unknown that documents were not read, since one of them may be what is missing. */
function withSetAside(settled: Settlement, setAside: number): Settlement {
  if (settled.status !== 'unknown' || setAside === 0) return settled;
  const note = `Documents set aside because they name another person: ${setAside}.`;
  return { ...settled, reason: `${settled.reason} ${note}` };
}

/** The window of `months` that ends on the packet's date. */
function windowOf(asOf: string, months: number): Window {
  return { from: dayAfter(monthsBefore(asOf, months)), until: asOf };
}

function settleCriterion(criterion: Criterion, sources: Sources): Settlement {
  const { evidence, asOf, reading, logs } = sources;
  switch (criterion.kind) {
    case 'licence_active':
      return settle(licenceFindings(evidence, criterion.state, asOf), false);
    case 'board_certified':
      return settle(certificationFindings(evidence, criterion.board, asOf), true);
    case 'no_open_sanction':
      return settle(
        sanctionFindings(
          evidence,
          criterion.months === undefined ? null : windowOf(asOf, criterion.months).from,
        ),
        true,
      );
    case 'references': {
      const window = criterion.months === undefined ? null : windowOf(asOf, criterion.months);
      return settle(referenceFindings(evidence, { countMin: criterion.count_min, window, asOf }), true);
    }
    case 'case_volume': {
      const window = windowOf(asOf, criterion.months);
      const asked = { procedureCode: criterion.procedure_code, countMin: criterion.count_min, window };
      const findings = volumeFindings(evidence, asked, reading);
      const rows = logFinding(countCases(logs, criterion.procedure_code, window), asked);
      return settle({ ...findings, text: together(findings.text, rows) }, true);
    }
    case 'unreadable':
      return open('This check does not know this kind of criterion.');
  }
}

/** Nobody is a referee of their own. */
function isOwnReference({ statement }: Evidence, subjectName: string): boolean {
  if (statement.kind !== 'reference' || subjectName === '') return false;
  return statement.referee.toLowerCase().includes(subjectName.toLowerCase());
}

function sourcesOf(packet: Packet, asOf: string, reading: Reading): Sources {
  const documents = packet.documents.filter((one) => ownerOf(one, packet.subjectName) !== 'other');
  const setAside = packet.documents.length - documents.length;
  const evidence = [
    ...evidenceOfFacts(packet.facts, asOf),
    ...documents.flatMap((one) => one.pages.flatMap(evidenceOfLines)),
  ];
  const notOwn = (all: readonly Evidence[]) => all.filter((one) => !isOwnReference(one, packet.subjectName));
  if (reading === 'single') return { evidence: notOwn(evidence), logs: [], reading, asOf, setAside };
  const read = documents.flatMap((one) => [
    ...evidenceOfTables(one.pages),
    ...evidenceOfLetter(one, packet.subjectName),
  ]);
  return { evidence: notOwn([...evidence, ...read]), logs: documents, reading, asOf, setAside };
}

/** More than a reviewer would read; the reason has the whole count. */
const SOURCES_MAX = 200;

function distinct(sources: readonly SourceSpan[]): SourceSpan[] {
  const seen = new Map(sources.map((source) => [JSON.stringify(source), source]));
  return [...seen.values()];
}

function proposalOf(packet: Packet, settlements: readonly Settlement[]): ModelProposal {
  const count = (status: Settlement['status']) => settlements.filter((one) => one.status === status).length;
  const verified = settlements.filter((one) => one.settledBy === 'verified');
  const criteria = packet.criteria.map((criterion, index) => {
    const settled = settlements[index] ?? open('Not read.');
    return {
      code: criterion.code,
      label: criterion.label === '' ? criterion.code : criterion.label,
      status: settled.status,
      reason: settled.reason,
      sources: distinct(settled.sources).slice(0, SOURCES_MAX),
    };
  });
  return {
    record_type: 'privilege_grant',
    payload: {
      subject_id: packet.subjectId,
      ...(packet.subjectName === '' ? {} : { subject_name: packet.subjectName }),
      privilege_code: packet.privilegeCode,
      ...(packet.privilegeTitle === '' ? {} : { privilege_title: packet.privilegeTitle }),
      criteria,
      met: count('met'),
      not_met: count('not_met'),
      unknown: count('unknown'),
      trust_record_ids: [...new Set(verified.flatMap((one) => one.trustRecordIds))],
    },
    confidence_permille: Math.floor((1000 * verified.length) / settlements.length),
    sources: distinct(criteria.flatMap((one) => one.sources)),
    missing: [],
  };
}

function check(userDocument: unknown, reading: Reading): ModelOutput {
  const packet = readPacket(userDocument);
  if (packet === null || packet.criteria.length === 0)
    return { proposals: [], confidence_permille: 0, confidence_origin: CONFIDENCE_ORIGIN };
  const { asOf } = packet;
  const sources = asOf === null ? null : sourcesOf(packet, asOf, reading);
  const settlements = packet.criteria.map((criterion) =>
    sources === null
      ? open('The packet has no date to check against.')
      : withSetAside(settleCriterion(criterion, sources), sources.setAside),
  );
  const proposal = proposalOf(packet, settlements);
  return {
    proposals: [proposal],
    confidence_permille: proposal.confidence_permille,
    confidence_origin: CONFIDENCE_ORIGIN,
  };
}

/**
 * The primary. Pure and deterministic; throws for no input.
 * @param userDocument the prompt's user document, as text or parsed
 */
export function checkCriteria(userDocument: unknown): ModelOutput {
  return check(userDocument, 'single');
}

/**
 * The advisor: reads more, by the same definitions and with the same restraint.
 * @param userDocument the prompt's user document, as text or parsed
 */
export function checkCriteriaAgain(userDocument: unknown): ModelOutput {
  return check(userDocument, 'summed');
}
