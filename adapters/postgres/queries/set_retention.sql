with changed as (
    update scripts
    set
        retain_content_days = %(content_days)s, retain_content_forever = %(content_forever)s,
        retain_rows_days = %(rows_days)s, retain_rows_forever = %(rows_forever)s
    where
        id = %(id)s
        and (retain_content_days, retain_content_forever, retain_rows_days, retain_rows_forever)
        is distinct from (%(content_days)s::integer, %(content_forever)s, %(rows_days)s::integer, %(rows_forever)s)
    returning id
)
insert into audit (action, key_id, request_id, server_request_id, script_id)
select %(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, id from changed
