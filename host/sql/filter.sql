-- Which rows are meant: goes after WHERE; what is NULL does not matter. What is no JSON is of no run and no tool.
id > :after_id
AND id < :before_id
AND (:id IS NULL OR id = :id)
AND (:event_id IS NULL OR event_id = :event_id)
AND (:sync_status IS NULL OR sync_status = :sync_status)
AND (:event_type IS NULL OR event_type = :event_type)
AND (:since IS NULL OR created_at >= :since)
AND (:until IS NULL OR created_at < :until)
AND (:run_id IS NULL OR CASE WHEN json_valid(payload) THEN payload ->> '$.run_id' = :run_id ELSE false END)
AND (:tool_name IS NULL OR CASE WHEN json_valid(payload) THEN payload ->> '$.tool_name' = :tool_name ELSE false END)
