import { text } from './text.mjs';

// prepare makes the small tables. So that the large query needs equal keys
// alone, which DuckDB does best, days are cut into the stretches on which no
// profile changes. Stretch 1 is for a day not given, 2 for one that cannot be
// read.
export async function prepare(db, periods) {
  await db.run(`
    CREATE TABLE periods AS
    SELECT coalesce(device_type, '') AS device_type, coalesce(spec, '') AS spec, coalesce(gbcs, '') AS gbcs, coalesce(scope, '') AS scope,
           given, TRY_CAST("first" AS DATE) AS first_day, TRY_CAST("last" AS DATE) AS last_day,
           ivp_outcome, ivp_reason, ivp_spec, ivp_to, TRY_CAST(ivp_to AS DATE) AS to_day, ivp_amendment
    FROM read_csv(${text(periods)}, all_varchar = true, header = true)`);
  await db.run(`
    CREATE TABLE stretches AS
    SELECT first_day, row_number() OVER (ORDER BY first_day) + 2 AS stretch
    FROM (SELECT DISTINCT first_day FROM periods WHERE given = 'dated')`);
  await db.run(`
    CREATE TABLE days AS
    SELECT CAST(d.day AS VARCHAR) AS install_date, d.day, CAST(s.stretch AS INTEGER) AS stretch
    FROM (SELECT CAST(unnest(generate_series(DATE '1975-01-01', DATE '2125-12-31', INTERVAL 1 DAY)) AS DATE) AS day) d
    ASOF JOIN stretches s ON d.day >= s.first_day`);
  await db.run(`
    CREATE TABLE answers AS
    SELECT p.* EXCLUDE (given, first_day, last_day),
           CASE p.given WHEN 'none' THEN 1 WHEN 'unreadable' THEN 2 ELSE s.stretch END AS stretch
    FROM periods p LEFT JOIN stretches s ON p.given = 'dated' AND s.first_day BETWEEN p.first_day AND p.last_day`);
}
