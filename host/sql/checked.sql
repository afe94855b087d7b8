UPDATE audit_account
SET checked_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), check_result = :result;
