delete from webhook_interests where webhook_id = %(id)s
