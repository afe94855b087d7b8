-- Whose file this is. Ours: application_id 1635082872. Nobody's yet: all three are 0. Everything else is not to be
-- touched, nor is a user_version above the last file in schema/.
SELECT
    (SELECT application_id FROM pragma_application_id) AS application_id,
    (SELECT user_version FROM pragma_user_version) AS user_version,
    (SELECT count(*) FROM sqlite_schema) AS objects;
