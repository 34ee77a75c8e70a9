// joined is the query by two joins, first with the days, then with the answers.
export const joined = (rows) => `
  SELECT i.*, a.ivp_outcome, a.ivp_reason, a.ivp_spec, a.ivp_to,
         a.to_day - d.day AS ivp_days_left, a.ivp_amendment
  FROM ${rows} i
  LEFT JOIN days d ON i.install_date = d.install_date
  LEFT JOIN answers a
    ON coalesce(i.device_type, '') = a.device_type AND coalesce(i.spec, '') = a.spec
   AND coalesce(i.gbcs, '') = a.gbcs AND coalesce(i.scope, '') = a.scope
   AND coalesce(d.stretch, CASE WHEN i.install_date IS NULL THEN 1 ELSE 2 END) = a.stretch`;
