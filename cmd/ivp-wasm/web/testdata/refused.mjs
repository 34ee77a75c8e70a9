// Asks ivp.mjs, the first argument, what it must refuse, and prints the messages.
// The second argument names a file with the digest of the shipped rules.
import { readFileSync } from 'node:fs';

const { check, checkCSV, load, rules, timeline } = await import(process.argv[2]);
const digest = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const other = '0'.repeat(64);
const device = { spec: 'SMETS2 v3.1', install_date: '2023-04-27' };
const inventory = 'spec,install_date\nSMETS2 v3.1,2023-04-27\n';

const allowed = { expect_rules: digest.toUpperCase() };
await load(allowed);
for (const call of [() => check(device, allowed), () => checkCSV(inventory, allowed), () => rules(allowed), () => timeline(allowed)]) await call();

const refused = [];
for (const [says, call] of [
  [digest, () => load({ expect_rules: other })],
  [digest, () => check(device, { expect_rules: other })],
  [digest, () => checkCSV(inventory, { expect_rules: other })],
  [digest, () => rules({ expect_rules: other })],
  [digest, () => timeline({ expect_rules: other })],
  [other, () => check(device, { expect_rules: other })],
  ['expect_rules', () => check(device, { expect_rules: undefined })],
  ['expect_rules', () => check(device, { expect_rules: null })],
  ['64 hexadecimal digits', () => check(device, { expect_rules: 'abc' })],
  ['gbcs: NaN', () => check({ ...device, gbcs: NaN }, {})],
  ['header_row: NaN', () => checkCSV(inventory, { header_row: NaN })],
  ['last_day', () => check(device, { last_day: [] })],
  ['last_day', () => check(device, { last_day: ['excluded', 'included'] })],
  ['last_day', () => check(device, { last_day: '' })],
  ['Last_Day', () => check(device, { Last_Day: 'excluded' })],
  ['asAt: not allowed here', () => check(device, { asAt: 'latest' })],
  ['did you mean as_at?', () => check(device, { asAt: 'latest' })],
  ['did you mean expect_rules?', () => load({ expectRules: digest })],
  ['did you mean amend?', () => timeline({ amends: '{}' })],
  ['did you mean header_row?', () => checkCSV(inventory, { headerRow: 1 })],
  ['write it "spec"', () => check({ Spec: 'SMETS2 v3.1' })],
  ['today', () => check(device, { today: '2026-11-25' })],
  ['rows', () => check(device, { rows: 5 })],
  ['scope', () => timeline({ scope: 'prepayment' })],
  ['as_at', () => rules({ as_at: 'latest' })],
  ['rules', () => check(device, { rules: '' })],
]) {
  try {
    await call();
    refused.push({ says, message: 'it was answered' });
  } catch (fault) {
    refused.push({ says, message: fault.message, ours: fault.name === 'IVPError' });
  }
}
process.stdout.write(JSON.stringify(refused));
