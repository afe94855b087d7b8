-- Whether a program has stored something that knew only audit_queue.
SELECT EXISTS (SELECT 1 FROM audit_queue INDEXED BY audit_queue_uncounted WHERE producer IS NULL);
