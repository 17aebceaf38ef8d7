select * from api_keys order by id desc
