// An application that a bundler builds, for browsers and for Node.js.
import { check, checkCSV, rules } from '@mp196/ivp';

const { outcome, reason } = await check({ device_type: 'ESME', spec: 'SMETS2 v3.1', install_date: '2023-04-28' });
const { summary } = await checkCSV(new Blob(['spec,install_date\nSMETS2 v3.1,2023-04-27\n']));
const answer = `${outcome} ${reason} ${summary.outcomes.eligible} ${(await rules()).sha256}`;
if (globalThis.document) document.body.append(answer);
else console.log(answer);
