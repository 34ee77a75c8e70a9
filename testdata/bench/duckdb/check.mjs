// Checks an inventory that `ivp sample` wrote, in DuckDB: the same job and the
// same columns as `ivp check`. The periods of every profile come from a table
// (see ../periods).
//
//   node check.mjs IN PERIODS OUT ordered|unordered
import { DuckDBInstance } from '@duckdb/node-api';

const [input, periods, output, order] = process.argv.slice(2);
const text = (s) => `'${s.replaceAll("'", "''")}'`;
const db = await (await DuckDBInstance.create(':memory:')).connect();

await db.run(`SET threads = 2`);
await db.run(`SET preserve_insertion_order = ${order === 'ordered'}`);

// So that the large join is one of equal keys alone, which DuckDB does best,
// days are cut into the stretches on which no profile changes.
await db.run(`
  CREATE TABLE periods AS
  SELECT coalesce(device_type, '') AS device_type, coalesce(spec, '') AS spec, coalesce(gbcs, '') AS gbcs, coalesce(scope, '') AS scope,
         given, TRY_CAST("first" AS DATE) AS first_day, TRY_CAST("last" AS DATE) AS last_day,
         ivp_outcome, ivp_reason, ivp_spec, ivp_to, TRY_CAST(ivp_to AS DATE) AS to_day, ivp_amendment
  FROM read_csv(${text(periods)}, all_varchar = true, header = true)`);
await db.run(`
  CREATE TABLE stretches AS
  SELECT first_day, row_number() OVER (ORDER BY first_day) AS stretch
  FROM (SELECT DISTINCT first_day FROM periods WHERE given = 'dated')`);
await db.run(`
  CREATE TABLE days AS
  SELECT CAST(d.day AS VARCHAR) AS install_date, d.day, s.stretch
  FROM (SELECT CAST(unnest(generate_series(DATE '1975-01-01', DATE '2125-12-31', INTERVAL 1 DAY)) AS DATE) AS day) d
  ASOF JOIN stretches s ON d.day >= s.first_day`);
await db.run(`
  CREATE TABLE answers AS
  SELECT p.* EXCLUDE (given, first_day, last_day),
         CASE p.given WHEN 'none' THEN -1 WHEN 'unreadable' THEN -2 ELSE s.stretch END AS stretch
  FROM periods p LEFT JOIN stretches s ON p.given = 'dated' AND s.first_day BETWEEN p.first_day AND p.last_day`);
await db.run(`
  COPY (
    SELECT i.*, a.ivp_outcome, a.ivp_reason, a.ivp_spec, a.ivp_to,
           date_diff('day', d.day, a.to_day) AS ivp_days_left, a.ivp_amendment
    FROM read_csv(${text(input)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"') i
    LEFT JOIN days d ON i.install_date = d.install_date
    LEFT JOIN answers a
      ON coalesce(i.device_type, '') = a.device_type AND coalesce(i.spec, '') = a.spec
     AND coalesce(i.gbcs, '') = a.gbcs AND coalesce(i.scope, '') = a.scope
     AND coalesce(d.stretch, CASE WHEN i.install_date IS NULL THEN -1 ELSE -2 END) = a.stretch
  ) TO ${text(output)} (FORMAT csv, HEADER true)`);
