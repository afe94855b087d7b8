-- At the end of a transaction: what it has done for the platform.
UPDATE audit_consumer
SET delivered = delivered + :delivered, dead = dead + :dead, expired = expired + :expired
WHERE name = 'platform';
