insert into audit (action, key_id, request_id, server_request_id, script_id, version, test)
values (%(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, %(script_id)s, %(version)s, %(test)s)
