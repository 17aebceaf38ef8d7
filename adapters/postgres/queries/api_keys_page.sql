select * from api_keys where id <= %(last)s order by id desc limit %(limit)s
