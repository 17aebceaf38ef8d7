select * from api_keys where id = %(id)s
