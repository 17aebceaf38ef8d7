with changed as (
    update scripts set retain_content_days = %(content_days)s, retain_rows_days = %(rows_days)s
    where
        id = %(id)s
        and (retain_content_days is distinct from %(content_days)s or retain_rows_days is distinct from %(rows_days)s)
    returning id
)
insert into audit (action, key_id, request_id, server_request_id, script_id)
select %(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, id from changed
