// Checks an inventory that `ivp sample` wrote, in DuckDB: the same job and the
// same columns as `ivp check`. The periods of every profile come from a table
// (see ../periods).
//
//   node check.mjs IN PERIODS OUT ordered|unordered
//
// DuckDB's joins keep no order, whatever preserve_insertion_order says, so the
// two have a query each: unordered joins, which is the fastest; ordered looks
// the answers up in lists, which took no longer than numbering the rows and
// sorting by number after the join, and half the memory.
import { DuckDBInstance } from '@duckdb/node-api';
import { joined } from './joined.mjs';
import { lookedUp } from './lookedup.mjs';
import { prepare } from './prepare.mjs';
import { text } from './text.mjs';

const [input, periods, output, order] = process.argv.slice(2);
const db = await (await DuckDBInstance.create(':memory:')).connect();
await db.run(`SET threads = 2`);
await db.run(`SET preserve_insertion_order = ${order === 'ordered'}`);
await prepare(db, periods);
const rows = `read_csv(${text(input)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')`;
const query = order === 'ordered' ? await lookedUp(db, rows) : joined(rows);
await db.run(`COPY (${query}) TO ${text(output)} (FORMAT csv, HEADER true)`);
