-- If the engine reports that a name beginning with ivp_ is ambiguous, the inventory
-- has a column of that name, from an older answer. Use a view without that column.
CREATE VIEW {in}ivp_checked AS
SELECT i.*,
       COALESCE(ivp_outcome, 'undetermined') AS ivp_outcome,
       COALESCE(ivp_reason, 'not-listed') AS ivp_reason,
       ivp_to,
       CASE WHEN ivp_days_left IS NOT NULL THEN ivp_days_left - COALESCE(d.since, {since}) END AS ivp_days_left,
       COALESCE(ivp_amendment, '') AS ivp_amendment,
       ivp_from,
       COALESCE(ivp_end, '') AS ivp_end
FROM {inventory} i
{lateral}LEFT JOIN {in}ivp_type_spelling t ON t.written = {device_type}
LEFT JOIN {in}ivp_spec_spelling s ON s.written = {spec}
LEFT JOIN {in}ivp_gbcs_spelling g ON g.written = {gbcs}
LEFT JOIN {in}ivp_scope_spelling c ON c.written = {scope}
LEFT JOIN {in}ivp_calendar d ON d.day = {day}
LEFT JOIN {in}ivp_profile f ON f.profile = COALESCE(t.place, {unlisted_type})
  + COALESCE({spec_place}, CASE
    WHEN {spec} LIKE '0%' OR {spec} LIKE 'V0%' OR {spec} LIKE '% V0%' OR {spec_shape} NOT IN ({spec_shapes}) THEN {unreadable_spec}
    WHEN {spec} LIKE 'CHTS%' OR {spec} NOT LIKE '%S%' AND t.family = 'CHTS' THEN {unlisted_chts}
    WHEN {spec} NOT LIKE '%S%' AND COALESCE(t.family, '') = '' THEN {unreadable_spec}
    WHEN {spec} LIKE 'SMETS1 V1._' OR {spec} LIKE 'SMETS V1._' OR {spec} LIKE 'V1._' OR {spec} LIKE '1._' THEN {unlisted_s1}
    WHEN {spec} NOT LIKE '%S%' OR {spec} LIKE 'SMETS V%' OR {spec} LIKE 'SMETS2 V%' AND {spec} NOT LIKE 'SMETS2 V1.%' THEN {unlisted_s2}
    ELSE {unreadable_spec} END)
  + COALESCE(g.place, CASE
    WHEN {gbcs} LIKE '0%' OR {gbcs} LIKE 'V0%' OR {gbcs} LIKE '% V0%' OR {gbcs_shape} NOT IN ({gbcs_shapes}) THEN {unreadable_gbcs}
    ELSE {unlisted_gbcs} END)
  + COALESCE(c.place, {unnamed_scope})
LEFT JOIN {in}ivp_period p ON p.period = f.answers + COALESCE(d.stretch, {stretch})
LEFT JOIN {in}ivp_verdict v ON v.verdict = p.verdict;
