-- A script and its tests, until the transaction ends: no other transaction changes its tests or promotes a version of it
-- meanwhile. Executions of it are not held up.
select name, archived_at from scripts where id = %(script_id)s for no key update
