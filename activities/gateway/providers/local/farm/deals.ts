import type { ModelProposal } from '../../../../../contract/pack';
import type { Clause } from './clauses';
import { formatQuantity } from './decimal';
import { countedIn, isOnlyWeight, readGoods, type Goods } from './goods';
import { groupSegments, withoutTotal } from './groups';
import { moneyFields } from './money-fields';
import { nameText, partyAfter } from './names';
import { figuresIn, hasWord, wordAt, type Piece } from './pieces';
import { isMoneyVerb, paidGoods, paidParty } from './payments';
import { proposal, type Reader, type RecordReader } from './proposals';
import { dayOf, DOUBTFUL, read, UNMENTIONED, type Reading } from './scope';
import { moneyIn, TOTAL_WORDS } from './money-roles';
import { readSums, type Sums } from './sums';
import { subjectOf } from './subjects';
import { BOUGHT, EARNED } from './vocabulary';

interface Deal {
  readonly pieces: Piece[];
  readonly goods: Goods;
  readonly sums: Sums;
}

const TEXT_LENGTH_MAX = 200;

function field(text: string | null): Reading<string> {
  return text === null || text.length > TEXT_LENGTH_MAX ? UNMENTIONED : read(text);
}

function quantityField({ quantity, isCounted }: Goods): Reading<string> {
  const text = quantity === null ? null : formatQuantity(quantity);
  if (text !== null) return read(text);
  return isCounted ? DOUBTFUL : UNMENTIONED;
}

/**
 * A sum is for one of several deals only when each of them has sums of its own, and none is called the total of all:
 * "10 crates and 3 layers for 24k" says nothing of either.
 */
function isMoneyShared(deals: readonly Deal[]): boolean {
  const stated = deals.filter((deal) => deal.sums.isStated).length;
  const isOwnTotal = ({ sums }: Deal): boolean => sums.unitPrice !== null && sums.total !== null;
  const isForAll = deals.some((deal) => hasWord(deal.pieces, TOTAL_WORDS) && !isOwnTotal(deal));
  return deals.length > 1 && stated > 0 && (stated < deals.length || isForAll);
}

/** "Bought fuel and data 9,500": one sum behind two things, of which the first has neither count nor sum. */
function isForSeveral(segments: readonly (readonly Piece[])[]): boolean {
  return segments.some(
    (segment, index) =>
      index > 0 &&
      wordAt(segment, 0) === 'and' &&
      segment.some((piece, at) => at > 0 && piece.kind === 'word') &&
      moneyIn(segment).length > 0 &&
      figuresIn(segments[index - 1] ?? []).length === 0,
  );
}

function dealsOf(
  clause: Clause,
  { note }: Reader,
  startsNew: (segment: readonly Piece[], group: readonly Piece[]) => boolean,
): Deal[] {
  const deals = groupSegments(clause.segments, startsNew).map((pieces): Deal => {
    const trigger = clause.trigger === null ? -1 : pieces.indexOf(clause.trigger);
    const goods = isMoneyVerb(clause.trigger)
      ? paidGoods(note, pieces, trigger, clause.sentence.grammar)
      : readGoods(note, pieces, trigger, clause.sentence.grammar);
    const sums = readSums(pieces, goods.quantity, goods.unit);
    const isOpen = clause.sentence.hasOpenSums || isForSeveral(clause.segments);
    return { pieces, goods, sums: isOpen ? { ...sums, total: null, unitPrice: null } : sums };
  });
  return withoutTotal(deals, (deal) => deal.goods.quantity);
}

/** Goods of the farm that were sold: one record for each count of goods. */
export const readSales: RecordReader = (clause, reader) => {
  const startsNew = (segment: readonly Piece[], group: readonly Piece[]): boolean =>
    !isOnlyWeight(segment) && countedIn(segment).length > 0 && countedIn(group).length > 0;
  const deals = dealsOf(clause, reader, startsNew);
  const isPaid = isMoneyVerb(clause.trigger);
  const isTheirs = isPaid || (clause.trigger !== null && BOUGHT.has(wordAt([clause.trigger], 0)));
  const buyer = isTheirs ? nameText(reader.note, subjectOf(clause)) : null;
  const isEarned = clause.trigger !== null && EARNED.has(wordAt([clause.trigger], 0));
  const buyerWords = isEarned ? ['from'] : isTheirs ? ['by', 'from'] : ['to', 'give'];
  return deals.map(({ pieces, goods, sums }) =>
    proposal(
      'sale',
      {
        item: field(goods.item),
        quantity: quantityField(goods),
        unit: field(goods.unit),
        ...moneyFields(sums, reader.currency, isMoneyShared(deals)),
        buyer: field(partyAfter(reader.note, pieces, buyerWords, clause.sentence.grammar) ?? buyer),
        occurred_on: dayOf(clause, pieces, reader.heading, reader.today),
      },
      pieces,
      reader.note,
    ),
  );
};

/** Whether a segment of an expense states a count or a sum that its group has already. */
function startsExpense(segment: readonly Piece[], group: readonly Piece[]): boolean {
  if (isOnlyWeight(segment)) return false;
  const isCountedTwice = countedIn(segment).length > 0 && countedIn(group).length > 0;
  const isPaidTwice = moneyIn(segment).length > 0 && moneyIn(group).length > 0;
  const hasName = segment.some((piece) => piece.kind === 'word') && !hasWord(segment, TOTAL_WORDS);
  const roles = new Set(moneyIn(segment).map((one) => one.role));
  const isOfSameDeal = roles.has('part') || roles.has('paid') || roles.has('unit_price');
  return isCountedTwice || (isPaidTwice && hasName && !isOfSameDeal);
}

/** Money that the farm spent: one record for each thing that was paid for. */
export const readExpenses: RecordReader = (clause, reader) => {
  const deals = dealsOf(clause, reader, startsExpense);
  const { grammar } = clause.sentence;
  return deals.map(({ pieces, goods, sums }): ModelProposal => {
    const money = moneyFields(sums, reader.currency, isMoneyShared(deals));
    const counted = quantityField(goods);
    const trigger = clause.trigger === null ? -1 : pieces.indexOf(clause.trigger);
    const supplier = isMoneyVerb(clause.trigger)
      ? paidParty(reader.note, pieces, trigger, grammar)
      : partyAfter(reader.note, pieces, ['from'], grammar);
    return proposal(
      'expense',
      {
        item: field(goods.item),
        quantity: counted,
        unit: counted.state === 'unmentioned' ? UNMENTIONED : field(goods.unit),
        total_minor: money.total_minor.state === 'unmentioned' ? DOUBTFUL : money.total_minor,
        currency: money.currency,
        supplier: field(supplier),
        occurred_on: dayOf(clause, pieces, reader.heading, reader.today),
      },
      pieces,
      reader.note,
    );
  });
};
