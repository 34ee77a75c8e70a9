-- The inventory needs the columns device_type, spec, gbcs, install_date (a day)
-- and scope. A text that is written otherwise than ivp_spelling holds is unlisted
-- or unreadable: undetermined, never eligible.
CREATE VIEW ivp_checked AS
SELECT n.*,
       CASE WHEN n.ivp_spec = '' OR n.ivp_spec = '!' OR n.install_date IS NULL THEN 'undetermined' ELSE p.outcome END AS ivp_outcome,
       CASE WHEN n.ivp_spec = '' THEN 'no-version'
            WHEN n.ivp_spec = '!' THEN 'bad-version'
            WHEN n.install_date IS NULL THEN 'no-date'
            ELSE p.reason END AS ivp_reason,
       p.from_day AS ivp_from,
       p.to_day AS ivp_to,
       COALESCE(p.end_kind, '') AS ivp_end,
       COALESCE(p.amendment, '') AS ivp_amendment
FROM (
  SELECT k.*,
         CASE WHEN k.spec_written = '' THEN ''
              WHEN s.meant IS NOT NULL THEN s.meant
              WHEN b.meant IS NOT NULL THEN b.meant
              WHEN k.spec_letters NOT IN ('SMETS V.', 'CHTS V.') OR k.spec_written LIKE '% V0%' OR k.spec_written LIKE '% V.%'
                OR k.spec_written LIKE '%.' OR k.spec_written LIKE '%V____%.%' OR k.spec_written LIKE '%.____%' THEN '!'
              WHEN k.spec_written LIKE 'SMETS V%' OR k.spec_written LIKE 'CHTS V%' OR k.spec_written LIKE 'SMETS1 V1._'
                OR k.spec_written LIKE 'SMETS2 V%' AND k.spec_written NOT LIKE 'SMETS2 V1.%' THEN '?'
              ELSE '!' END AS ivp_spec,
         CASE WHEN k.gbcs_written = '' THEN ''
              WHEN g.meant IS NOT NULL THEN g.meant
              WHEN k.gbcs_letters NOT IN ('.', 'GBCS V.') OR k.gbcs_written LIKE '0%' OR k.gbcs_written LIKE '% V0%' OR k.gbcs_written LIKE '.%'
                OR k.gbcs_written LIKE '% V.%' OR k.gbcs_written LIKE '%.' OR k.gbcs_written LIKE '____%.%' AND k.gbcs_letters = '.'
                OR k.gbcs_written LIKE '%V____%.%' OR k.gbcs_written LIKE '%.____%' THEN '!'
              ELSE '?' END AS ivp_gbcs,
         COALESCE(c.meant, '') AS ivp_scope
  FROM (
    SELECT t.*,
           CASE WHEN t.type_written = '' THEN '' ELSE COALESCE(y.meant, '?') END AS ivp_device_type,
           REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(t.spec_written, '0', ''), '1', ''), '2', ''), '3', ''), '4', ''), '5', ''), '6', ''), '7', ''), '8', ''), '9', '') AS spec_letters,
           REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(t.gbcs_written, '0', ''), '1', ''), '2', ''), '3', ''), '4', ''), '5', ''), '6', ''), '7', ''), '8', ''), '9', '') AS gbcs_letters
    FROM (
      SELECT i.*,
             COALESCE(UPPER(TRIM(i.device_type)), '') AS type_written,
             COALESCE(UPPER(TRIM(i.spec)), '') AS spec_written,
             COALESCE(UPPER(TRIM(i.gbcs)), '') AS gbcs_written,
             COALESCE(UPPER(TRIM(i.scope)), '') AS scope_written
      FROM {inventory} i
    ) t
    LEFT JOIN ivp_spelling y ON y.what = 'type' AND y.written = t.type_written
  ) k
  LEFT JOIN ivp_spelling s ON s.what = 'spec' AND s.of_type = '' AND s.written = k.spec_written
  LEFT JOIN ivp_spelling b ON b.what = 'spec' AND b.of_type = k.ivp_device_type AND b.of_type <> '' AND b.written = k.spec_written
  LEFT JOIN ivp_spelling g ON g.what = 'gbcs' AND g.written = k.gbcs_written
  LEFT JOIN ivp_spelling c ON c.what = 'scope' AND c.written = k.scope_written
) n
LEFT JOIN ivp_profile f ON f.device_type = n.ivp_device_type AND f.spec = n.ivp_spec AND f.gbcs = n.ivp_gbcs AND f.scope = n.ivp_scope
LEFT JOIN ivp_period p ON p.answers = f.answers AND n.install_date >= p.first_day AND n.install_date <= p.last_day;
