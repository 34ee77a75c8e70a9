// What ivp.d.mts promises, as someone who writes TypeScript uses it. A line that
// expects an error fails where there is none.
import { check, checkCSV, IVPError, load, rules, tables, timeline } from './ivp.mjs';
import type { Answer, Checked, ColumnChoice, Device, InventoryOptions, Outcome, Progress, Reason, Row } from './ivp.mjs';

const device: Device = { spec: 'SMETS2 v3.1', install_date: '2023-04-27', gbcs: null };
const one: Answer = await check(device, { as_at: 'latest', why: true, amend: ['{}'] });
const instant: Answer = await check({ spec: 'SMETS2 v3.1', install_date: new Date() });
const many: Answer[] = await check([device, {}]);
const left: number | undefined = one.days_left ?? many[0]?.days_left;

const options: InventoryOptions = { date_format: 'day-first', map: ['spec=V'], header_row: 2, rows: 10 };
const checked: Checked = await checkCSV(new Blob(['spec']), options, ({ rows, bytesRead, bytes }: Progress) => console.log(rows, bytesRead, bytes));
await checkCSV('spec,install_date\n');
await checkCSV(new Uint8Array(1));
const text: string = await checked.csv.text();
const row: Row | undefined = checked.rows?.[0];
const notJudged: string[] = (checked.columns.choose ?? []).filter((c: ColumnChoice) => c.judged && !c.column).map((c) => c.field).concat(checked.not_judged ?? []);
const eligible: number = checked.summary.outcomes.eligible;
const edition: string = (await rules({ amend: '{}' })).edition;
const picture: string = (await timeline({ today: '2026-11-25', on: null })).svg;
const amendment: string | undefined = (await tables({ table: { rows: [{ family: 'SMETS', version: '4.2', end: '31/03/2027' }] } })).checked?.file;
await tables({ file: amendment });
const reason: Reason = one.reason;
const outcome: Outcome = many[0]?.outcome ?? 'undetermined';
const ended: number | undefined = checked.summary.reasons['after-end'];
if (one.reason === 'after-end') console.log(reason, outcome, ended);
await load();
await load({ wasm: new URL('ivp.wasm', import.meta.url), amend: '{}' });
await load({ wasm: WebAssembly.compile(new Uint8Array(8)) });
await load({ expect_rules: (await rules()).sha256 });
try {
  throw new IVPError('wrong');
} catch (fault) {
  if (fault instanceof IVPError) console.log(fault.columns?.choose?.[0]?.near, fault.columns?.added, fault.message);
}
console.log(left, instant.note, checked.summary.on_last_day, checked.summary.first_on_another_day?.[0], notJudged, text, row?.line, eligible, edition, picture);

// @ts-expect-error a number would lose the 0 of 4.20
await check({ spec: 4.2 });
// @ts-expect-error the day of every device is a day, not an instant
await check(device, { on: new Date() });
// @ts-expect-error a device has no such field
await check({ smets: 'SMETS2 v3.1' });
// @ts-expect-error no such option
await check(device, { asAt: 'latest' });
// @ts-expect-error no such outcome
const wrong: boolean = one.outcome === 'perhaps';
// @ts-expect-error no such reason
const late: boolean = one.reason === 'too-late';
// @ts-expect-error the inventory is text or bytes
await checkCSV(42);
// @ts-expect-error what guards the rules must be a digest
await check(device, { expect_rules: null });
// @ts-expect-error a timeline shows every scope
await timeline({ scope: 'prepayment' });
