import fc from 'fast-check';
import { amountsInWords, readAmounts } from '../../contract/amounts';
import { moneyText, readMoney } from '../../contract/currency';

const LAGOS = { currency: 'NGN', units: 'metric' } as const;
const OHIO = { currency: 'USD', units: 'imperial' } as const;
const SALE = new Set(['item', 'total_minor', 'unit_price_minor', 'currency', 'average_grams']);

describe('a sum as people write it', () => {
  it.each([
    ['12,500.50', 'NGN', '1250050'],
    ['₦12,500.5', 'NGN', '1250050'],
    ['NGN 12500', 'NGN', '1250000'],
    ['12500 NGN', 'NGN', '1250000'],
    ['0.05', 'NGN', '5'],
    ['12,500.5000', 'NGN', '1250050'],
    ['12,500', 'XOF', '12500'],
    ['1.234', 'KWD', '1234'],
    ['US$ 120', 'USD', '12000'],
  ])('%s of %s is %s', (text, currency, minor) => {
    expect(readMoney(text, currency, 'NGN')).toEqual({ minor });
  });

  it.each([
    ['12.500,50', 'NGN'],
    ['12,50', 'NGN'],
    ['1,2500', 'NGN'],
    ['012', 'NGN'],
    ['45k', 'NGN'],
    ['-5', 'NGN'],
    ['', 'NGN'],
    ['$120', 'NGN'],
    ['₦120', 'USD'],
    ['12.505', 'NGN'],
    ['12.5', 'XOF'],
    ['0.00', 'NGN'],
    ['99999999999999999999', 'NGN'],
  ])('%s of %s is refused, and not guessed', (text, currency) => {
    expect(readMoney(text, currency, 'NGN')).toEqual({ refusal: expect.stringMatching(/\w/) as string });
  });

  it('reads back what it writes, of every currency and size', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }),
        fc.constantFrom('NGN', 'USD', 'XOF', 'KWD', 'EUR'),
        fc.constantFrom('NGN', 'USD'),
        (minor, currency, own) => {
          const text = moneyText(minor.toString(), currency, own);
          expect(readMoney(text, currency, own)).toEqual({ minor: minor.toString() });
        },
      ),
    );
  });
});

describe('a record with amounts as people write them', () => {
  it('has them in its own fields, in the currency that it names or the tenant’s', () => {
    expect(readAmounts({ item: 'eggs', total: '12,500.50' }, SALE, LAGOS)).toEqual({
      payload: { item: 'eggs', total_minor: '1250050' },
    });
    expect(readAmounts({ total: '12,500', currency: 'XOF' }, SALE, LAGOS)).toEqual({
      payload: { total_minor: '12500', currency: 'XOF' },
    });
    expect(readAmounts({ average: '1.85 kg' }, SALE, LAGOS)).toEqual({ payload: { average_grams: 1850 } });
    expect(readAmounts({ average: '4 lb' }, SALE, OHIO)).toEqual({ payload: { average_grams: 1814 } });
  });

  it('leaves alone what is in minor units already, and what it does not know', () => {
    const given = { total_minor: '4500000', colour: 'brown' };
    expect(readAmounts(given, SALE, LAGOS)).toEqual({ payload: given });
  });

  it('says where and why it can’t read one, and takes none of two that may differ', () => {
    const twice = readAmounts({ total: '1', total_minor: '100', unit_price: 'a lot' }, SALE, LAGOS);
    expect(twice).toEqual({
      errors: [
        { field: 'total', message: 'say either total or total_minor' },
        { field: 'unit_price', message: 'write a sum of NGN like 12,500.50' },
      ],
    });
    expect(readAmounts({ average: '1850' }, SALE, OHIO)).toEqual({
      errors: [{ field: 'average', message: 'write a weight with its unit, like 4.1 lb' }],
    });
  });

  it('is shown in the tenant’s currency and measures', () => {
    const payload = { total_minor: '4500000', average_grams: 1850, item: 'eggs' };
    expect(amountsInWords(payload, LAGOS)).toEqual({ total: '₦45,000.00', average: '1,850 g' });
    expect(amountsInWords({ ...payload, currency: 'NGN' }, OHIO)).toEqual({
      total: expect.stringContaining('45,000.00') as string,
      average: '4.08 lb',
    });
  });
});
