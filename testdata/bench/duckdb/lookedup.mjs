const key = `concat_ws(chr(31), coalesce(device_type, ''), coalesce(spec, ''), coalesce(gbcs, ''), coalesce(scope, ''))`;
const added = ['ivp_outcome', 'ivp_reason', 'ivp_spec', 'ivp_to', 'to_day', 'ivp_amendment'];

// lookedUp is the query without a join, which would not keep the order: the
// profile is an ENUM, and its code and the day's stretch are a place in lists
// of answers.
export async function lookedUp(db, rows) {
  await db.run(`CREATE TYPE profile AS ENUM (SELECT DISTINCT ${key} FROM answers)`);
  await db.run(`SET VARIABLE width = (SELECT CAST(max(stretch) AS INTEGER) FROM answers)`);
  await db.run(`SET VARIABLE days = (SELECT list(stretch ORDER BY day) FROM days)`);
  for (const column of added) {
    await db.run(`SET VARIABLE ${column} = (SELECT list(${column} ORDER BY enum_code(CAST(${key} AS profile)), stretch) FROM answers)`);
  }
  const answer = (column) => `list_extract(getvariable('${column}'), place)`;
  return `
    SELECT * EXCLUDE (day, place), ${answer('ivp_outcome')} AS ivp_outcome, ${answer('ivp_reason')} AS ivp_reason,
           ${answer('ivp_spec')} AS ivp_spec, ${answer('ivp_to')} AS ivp_to,
           ${answer('to_day')} - day AS ivp_days_left, ${answer('ivp_amendment')} AS ivp_amendment
    FROM (
      SELECT *, CAST(enum_code(CAST(${key} AS profile)) AS INTEGER) * getvariable('width')
             + CASE WHEN install_date IS NULL THEN 1 WHEN day IS NULL THEN 2
                    ELSE list_extract(getvariable('days'), day - DATE '1974-12-31') END AS place
      FROM (SELECT *, TRY_CAST(install_date AS DATE) AS day FROM ${rows}))`;
}
