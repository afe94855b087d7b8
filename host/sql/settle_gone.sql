-- A delivered row that nobody will look at: so many younger ones are to come that it would soon be deleted.
DELETE FROM audit_queue WHERE id = :id;
