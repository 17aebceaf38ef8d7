select execution_id, master_key_id, wrapped
from execution_keys
where master_key_id = %(master_key_id)s and execution_id > %(after)s
order by master_key_id, execution_id
limit %(count)s
for update skip locked
