SELECT json_build_object('data', json_build_object('virkningsevaluering', json_build_object(
    'title', e.title, 'status', e.status, 'criteria', (
        SELECT coalesce(json_agg(json_build_object(
            'number', c.number, 'dimension', c.dimension, 'indicator', c.indicator, 'direction', c.direction,
            'threshold', c.threshold::text, 'unit', c.unit, 'measurements', (
                SELECT coalesce(json_agg(json_build_object(
                    'wave', m.wave, 'numerator', m.numerator, 'denominator', m.denominator, 'value', m.value::text
                ) ORDER BY m.id), '[]') FROM measurement m WHERE m.criterion_id = c.id
            )
        ) ORDER BY c.number), '[]') FROM criterion c WHERE c.evaluation_id = e.id
    )
)))::text
FROM evaluation e WHERE e.id = $1
