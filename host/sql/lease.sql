-- Who sends, and how often it has said so.
SELECT holder, beat FROM audit_consumer WHERE name = 'platform';
