-- Where an engine calls a name that begins with ivp_ ambiguous, the inventory has a
-- column of that name: an older answer. Let the table's columns be named in a view
-- without it. No such column is ever preferred to what is answered here.
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
LEFT JOIN {in}ivp_type_spelling t ON t.written = {type}
LEFT JOIN {in}ivp_spec_spelling s ON s.family = COALESCE(t.family, '') AND s.written = {spec}
LEFT JOIN {in}ivp_gbcs_spelling g ON g.written = {gbcs}
LEFT JOIN {in}ivp_scope_spelling c ON c.written = {scope}
LEFT JOIN {in}ivp_profile f ON f.device_type = COALESCE(t.device_type, '?') AND f.spec = COALESCE(s.spec, {unlisted_spec})
  AND f.gbcs = COALESCE(g.gbcs, {unlisted_gbcs}) AND f.scope = COALESCE(c.scope, {unnamed_scope})
LEFT JOIN {in}ivp_period p ON p.answers = f.answers AND p.stretch = {stretch}
LEFT JOIN {in}ivp_verdict v ON v.verdict = p.verdict;
