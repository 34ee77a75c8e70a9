// Puts instants, the second argument, to ivp.mjs, the first, as Date objects: one
// by one and all at once. They are milliseconds; null stands for an invalid Date.
import { readFileSync } from 'node:fs';

const { check } = await import(process.argv[2]);
const devices = JSON.parse(readFileSync(process.argv[3], 'utf8')).map((at) => ({ device_type: 'ESME', spec: 'SMETS2 v3.1', gbcs: '2.1', install_date: new Date(at ?? NaN) }));
const alone = [];
for (const device of devices.slice(0, 3)) alone.push(await check(device, { why: true }));
const together = await check(devices, { why: true });
const refused = await check(devices[0], { on: new Date(NaN) }).catch((fault) => fault.message);
const cell = await check({ spec: 'SMETS2 v3.1', gbcs: new Date(NaN), install_date: '2022-06-01' });
process.stdout.write(JSON.stringify([{ alone, together, refused, cell: cell.reason }]));
