-- Whether anybody else than the platform is to get the rows.
SELECT EXISTS (SELECT 1 FROM audit_consumer WHERE after_id IS NOT NULL);
