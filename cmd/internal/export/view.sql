-- If the engine reports that a name beginning with ivp_ is ambiguous, the inventory
-- has a column of that name, from an older answer. Use a view without that column.
CREATE VIEW {in}ivp_checked AS
SELECT i.*,
       COALESCE(ivp_outcome, 'undetermined') AS ivp_outcome,
       COALESCE(ivp_reason, 'not-listed') AS ivp_reason,
       ivp_to,
       CASE WHEN ivp_days_left IS NOT NULL THEN ivp_days_left - {since} END AS ivp_days_left,
       COALESCE(ivp_amendment, '') AS ivp_amendment,
       ivp_from,
       COALESCE(ivp_end, '') AS ivp_end
FROM {inventory} i
{lateral}LEFT JOIN {in}ivp_type_spelling t ON t.written = {device_type}
LEFT JOIN {in}ivp_spec_spelling s ON s.family = COALESCE(t.family, '') AND s.written = {spec}
LEFT JOIN {in}ivp_gbcs_spelling g ON g.written = {gbcs}
LEFT JOIN {in}ivp_scope_spelling c ON c.written = {scope}
LEFT JOIN {in}ivp_profile f ON f.device_type = COALESCE(t.device_type, '?')
  AND f.spec = COALESCE(s.spec, CASE
    WHEN {spec} LIKE '0%' OR {spec} LIKE 'V0%' OR {spec} LIKE '% V0%' OR {spec_shape} NOT IN ({spec_shapes}) THEN '!'
    WHEN {spec} LIKE 'CHTS%' OR {spec} NOT LIKE '%S%' AND t.family = 'CHTS' THEN '?CHTS'
    WHEN {spec} NOT LIKE '%S%' AND COALESCE(t.family, '') = '' THEN '!'
    WHEN {spec} LIKE 'SMETS1 V1._' OR {spec} LIKE 'SMETS V1._' OR {spec} LIKE 'V1._' OR {spec} LIKE '1._' THEN '?SMETS1'
    WHEN {spec} NOT LIKE '%S%' OR {spec} LIKE 'SMETS V%' OR {spec} LIKE 'SMETS2 V%' AND {spec} NOT LIKE 'SMETS2 V1.%' THEN '?SMETS'
    ELSE '!' END)
  AND f.gbcs = COALESCE(g.gbcs, CASE
    WHEN {gbcs} LIKE '0%' OR {gbcs} LIKE 'V0%' OR {gbcs} LIKE '% V0%' OR {gbcs_shape} NOT IN ({gbcs_shapes}) THEN '!'
    ELSE '?' END)
  AND f.scope = COALESCE(c.scope, {unnamed_scope})
LEFT JOIN {in}ivp_period p ON p.answers = f.answers AND p.stretch = {stretch}
LEFT JOIN {in}ivp_verdict v ON v.verdict = p.verdict;
