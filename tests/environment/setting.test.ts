import {
  choiceSetting,
  logLevel,
  requiredSetting,
  setting,
  wholeNumberSetting,
} from '../../environment/setting';

const before = { ...process.env };
const NAME = 'COUNTERSIGN_TEST_SETTING';

afterEach(() => {
  process.env = { ...before };
});

it('takes what is there and empty for not set', () => {
  expect(setting(NAME)).toBeUndefined();
  process.env[NAME] = '';
  expect(setting(NAME)).toBeUndefined();
  expect(() => requiredSetting(NAME)).toThrow(`Set ${NAME}.`);
  expect(choiceSetting(NAME, ['one', 'two'], 'two')).toBe('two');
  expect(wholeNumberSetting(NAME, { min: 1, max: 9 }, 7)).toBe(7);
  process.env[NAME] = 'one';
  expect([setting(NAME), requiredSetting(NAME), choiceSetting(NAME, ['one', 'two'], 'two')]).toEqual([
    'one',
    'one',
    'one',
  ]);
});

it.each(['0', '10', '-1', '1.5', '1e1', '0x5', ' 5', 'five', 'NaN'])(
  'takes %j for no number from 1 to 9',
  (value) => {
    process.env[NAME] = value;
    expect(() => wholeNumberSetting(NAME, { min: 1, max: 9 }, 7)).toThrow(
      `${NAME} must be a whole number from 1 to 9.`,
    );
  },
);

it('reads a number', () => {
  process.env[NAME] = '9';
  expect(wholeNumberSetting(NAME, { min: 1, max: 9 }, undefined)).toBe(9);
});

it('names the choices and never the value, which may be a secret', () => {
  process.env[NAME] = 'hunter2';
  expect(() => choiceSetting(NAME, ['one', 'two'], 'two')).toThrow(
    new Error(`${NAME} must be one of one, two.`),
  );
});

it('logs as usual where the level is empty', () => {
  process.env.COUNTERSIGN_LOG_LEVEL = '';
  expect(logLevel()).toBe('info');
  process.env.COUNTERSIGN_LOG_LEVEL = 'loud';
  expect(logLevel).toThrow('COUNTERSIGN_LOG_LEVEL must be one of trace, debug,');
});
