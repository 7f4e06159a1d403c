SELECT json_build_object('data', json_build_object('interventions', json_build_object('nodes', coalesce(json_agg(json_build_object(
    'id', i.id, 'name', i.name, 'since', i.since, 'virkningsevalueringer', json_build_object('totalCount', (
        SELECT count(*) FROM evaluation e WHERE e.intervention_id = i.id
    ))
) ORDER BY i.name_key, i.id), '[]'))))::text
FROM (
    SELECT * FROM intervention
    WHERE forvaltning_id = (SELECT id FROM forvaltning WHERE code = $2) AND (name_key, id) > (
        coalesce((SELECT name_key FROM intervention WHERE id = $1), ''), coalesce($1, '00000000-0000-0000-0000-000000000000'))
    ORDER BY name_key, id LIMIT 50
) i
