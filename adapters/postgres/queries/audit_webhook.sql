insert into audit (action, key_id, request_id, server_request_id, webhook_id)
values (%(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, %(webhook_id)s)
