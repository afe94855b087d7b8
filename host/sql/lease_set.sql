UPDATE audit_consumer SET holder = :holder, beat = beat + 1 WHERE name = 'platform';
