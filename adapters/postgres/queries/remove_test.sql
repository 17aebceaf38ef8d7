-- Its results go with it.
delete from script_tests where id = %(id)s
