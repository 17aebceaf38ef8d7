select master_key_id, count(*) as keys
from (
    select master_key_id from execution_keys
    union all
    select master_key_id from script_tests where master_key_id is not null
    union all
    select master_key_id from webhooks where master_key_id is not null
    union all
    select master_key_id from jobs where master_key_id is not null
) k
group by master_key_id
