-- How much there is, to tell whether there is room for more.
SELECT stored_rows, stored_bytes, pending_rows, dead_rows FROM audit_account;
