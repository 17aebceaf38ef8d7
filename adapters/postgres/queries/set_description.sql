with changed as (
    update scripts set description = %(description)s
    where id = %(id)s and description <> %(description)s
    returning id
)
insert into audit (action, key_id, request_id, server_request_id, script_id)
select %(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, id from changed
