// Puts the questions of a file, the second argument, to ivp.mjs, the first.
// Questions and replies are JSON.
import { readFileSync } from 'node:fs';

const { check, checkCSV } = await import(process.argv[2]);
const replies = [];
for (const { devices, terms, csv } of JSON.parse(readFileSync(process.argv[3], 'utf8'))) {
  const reply = {};
  if (devices) reply.answers = await check(devices, terms);
  if (csv) {
    let told;
    const bytes = Buffer.from(csv, 'base64');
    const checked = await checkCSV(bytes, terms, (progress) => { told = progress; });
    reply.csv = Buffer.from(await checked.csv.arrayBuffer()).toString('base64');
    reply.devices = checked.summary.devices;
    reply.read = told?.bytesRead ?? 0;
  }
  replies.push(reply);
}
process.stdout.write(JSON.stringify(replies));
