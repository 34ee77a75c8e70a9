// Checks an inventory with the package for JavaScript:
//   node check.mjs MODULE INPUT OUTPUT
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';

const [module, input, output] = process.argv.slice(2);
const { checkCSV } = await import(pathToFileURL(resolve(module)));
const { csv } = await checkCSV(await readFile(input));
await pipeline(csv.stream(), createWriteStream(output));
