SELECT json_build_object('data', json_build_object('interventions', json_build_object('nodes', coalesce(json_agg(json_build_object(
    'id', i.id, 'name', i.name, 'since', i.since, 'virkningsevalueringer', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('id', e.id, 'title', e.title, 'status', e.status, 'criteria', (
            SELECT coalesce(json_agg(json_build_object(
                'number', c.number, 'dimension', c.dimension, 'indicator', c.indicator, 'direction', c.direction,
                'threshold', c.threshold::text, 'unit', c.unit, 'measurements', (
                    SELECT coalesce(json_agg(json_build_object(
                        'wave', m.wave, 'period', json_build_object('from', m.period_start, 'to', m.period_end),
                        'numerator', m.numerator, 'denominator', m.denominator, 'value', m.value::text, 'recordedAt', m.recorded_at
                    ) ORDER BY m.id), '[]') FROM measurement m WHERE m.criterion_id = c.id
                )
            ) ORDER BY c.number), '[]') FROM criterion c WHERE c.evaluation_id = e.id
        )) ORDER BY e.id), '[]') FROM evaluation e WHERE e.intervention_id = i.id
    ))
) ORDER BY i.name_key, i.id), '[]'))))::text
FROM (
    SELECT * FROM intervention
    WHERE (name_key, id) > (
        coalesce((SELECT name_key FROM intervention WHERE id = $1), ''), coalesce($1, '00000000-0000-0000-0000-000000000000'))
    ORDER BY name_key, id LIMIT 20
) i
